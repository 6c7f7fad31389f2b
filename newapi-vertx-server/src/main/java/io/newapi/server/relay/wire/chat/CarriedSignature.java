package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.ForeignThoughts;

/**
 * A signature of Google's on a call, on its way through Anthropic's format, which has no field for it: clients hand {@code
 * redacted_thinking} blocks back as they are (Messages API, extended thinking: redacted thinking blocks), so it travels in one right
 * before the call. Such a block never reaches Anthropic, not even among the bytes of a client of its own ({@link ForeignThoughts}).
 */
final class CarriedSignature {

    private static final String MARK = ForeignThoughts.CALL_SIGNATURE;

    private CarriedSignature() {}

    /** What the block says. */
    static String data(String signature) {
        return MARK + signature;
    }

    /** Whether a block is one of these. */
    static boolean isIn(String data) {
        return data.startsWith(MARK);
    }

    /** The signature in such a block. */
    static String of(String data) {
        return data.substring(MARK.length());
    }
}
