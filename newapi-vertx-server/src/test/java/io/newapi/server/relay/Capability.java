package io.newapi.server.relay;

/** A column of the table in {@code docs/api.md}: what a call needs of both formats. */
enum Capability {
    /** Instructions, a question and an answer. */
    PLAIN("plain"),
    /** The same, event by event. */
    STREAMED("streamed"),
    /** A tool, calls beside each other in the question's history and in the answer, and their results. */
    TOOLS("tools"),
    /** Pictures, here and at an address. */
    IMAGES("images"),
    /** Thoughts and signatures, which come back to who signed them. */
    REASONING("reasoning"),
    /** What was read from the provider's cache, and written to it. */
    CACHE("cache usage");

    private final String column;

    Capability(String column) {
        this.column = column;
    }

    /** The head of its column. */
    String column() {
        return column;
    }
}
