package io.newapi.server.relay;

/** Where in a stream somebody breaks off. */
enum BreakingPoint {
    /** Nothing of the answer has come, not even its head. */
    BEFORE_THE_FIRST_BYTE,
    /** The first of two pieces of text has come. */
    IN_THE_MIDDLE,
    /** All has come but the event with the usage, and what stands behind it. */
    BEFORE_USAGE,
    /** The usage has come, and nothing that stands behind it. */
    AFTER_USAGE
}
