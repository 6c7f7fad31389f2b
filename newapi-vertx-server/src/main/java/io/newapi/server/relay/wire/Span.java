package io.newapi.server.relay.wire;

/** A range of the bytes of a body. */
record Span(int start, int end) {}
