package io.newapi.server.relay.wire;

/**
 * Where a guarded field stands.
 *
 * @param start the first byte of its name
 * @param end behind the last byte of its value
 * @param endBefore behind the field before it; -1 if it is the first
 * @param startAfter the first byte of the field behind it; -1 if it is the last
 */
record Guarded(GuardedField field, int start, int end, int endBefore, int startAfter) {

    /** Whether {@code stream_options} hold nothing else. */
    boolean isAllOfOptions() {
        return field == GuardedField.INCLUDE_OBFUSCATION && endBefore < 0 && startAfter < 0;
    }
}
