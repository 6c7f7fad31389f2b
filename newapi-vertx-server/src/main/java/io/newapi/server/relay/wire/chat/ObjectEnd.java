package io.newapi.server.relay.wire.chat;

/** Tells when a JSON object is whole whose characters come bit by bit. Not thread-safe. */
final class ObjectEnd {

    private int depth;
    private boolean begun;
    private boolean quoted;
    private boolean escaped;

    /** The next characters. */
    void add(String json) {
        for (int i = 0; i < json.length() && !reached(); i++) {
            next(json.charAt(i));
        }
    }

    /** Whether its last brace has come; never for what does not begin with one. */
    boolean reached() {
        return begun && depth == 0;
    }

    private void next(char c) {
        if (escaped) {
            escaped = false;
        } else if (quoted) {
            escaped = c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            begun |= c == '{';
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
}
