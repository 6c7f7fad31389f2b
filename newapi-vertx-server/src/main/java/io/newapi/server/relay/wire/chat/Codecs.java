package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.CompletionCount;
import io.newapi.server.relay.wire.WireFormat;

/** The codec of each format. */
final class Codecs {

    private Codecs() {}

    /** @param counting how the provider counts; without meaning for what clients write and read */
    static Codec of(WireFormat format, CompletionCount counting) {
        return switch (format) {
            case CHAT -> new ChatCodec(counting);
            case RESPONSES -> new ResponsesCodec();
            case MESSAGES -> new MessagesCodec();
            case GEMINI -> GeminiCodec.events();
            default -> throw new IllegalArgumentException(format + " is no format of conversations");
        };
    }
}
