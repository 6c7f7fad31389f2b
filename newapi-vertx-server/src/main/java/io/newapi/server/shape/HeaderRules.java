package io.newapi.server.shape;

import java.util.Locale;
import java.util.Set;

/** Which headers a channel may have a say in. */
final class HeaderRules {

    /** These say how the bytes of a message are to be read; whoever sends it has to know. */
    private static final Set<String> FRAMING = Set.of(
            "accept-encoding",
            "connection",
            "content-encoding",
            "content-length",
            "expect",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** These are for this node: its name, and what its clients show it so that it lets them in. */
    private static final Set<String> OURS =
            Set.of("authorization", "cookie", "host", "mj-api-secret", "x-api-key", "x-goog-api-key");

    private static final String HANDSHAKE = "sec-websocket-";
    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

    private HeaderRules() {}

    /** Whether a header of a client may go on to a provider. */
    static boolean passes(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !FRAMING.contains(lower) && !OURS.contains(lower) && !lower.startsWith(HANDSHAKE);
    }

    /** The name, if a channel may set a header of that name (RFC 9110, 5.1). */
    static String requireName(String name) {
        boolean token = !name.isEmpty()
                && name.chars()
                        .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || TOKEN_PUNCTUATION.indexOf(c) >= 0));
        if (!token) {
            throw new InvalidShapeException("a header's name is empty, or holds a character that it must not");
        }
        if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
            throw new InvalidShapeException("the header " + name + " is not a channel's to set");
        }
        return name;
    }

    /** Whether it can be sent as a header's value: no line ends, nothing that is not printed. */
    static boolean isValue(String value) {
        return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff));
    }

    static String requireValue(String value) {
        if (!isValue(value)) {
            throw new InvalidShapeException("a header's value holds a line end, or another character that it must not");
        }
        return value;
    }
}
