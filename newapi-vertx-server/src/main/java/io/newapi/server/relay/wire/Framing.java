package io.newapi.server.relay.wire;

import io.vertx.core.buffer.Buffer;

/** The form in which a client reads what is streamed to it. May remember what has passed: one for each answer. */
public interface Framing {

    /** Server-sent events, as all formats have them. */
    Framing EVENTS = new Framing() {
        @Override
        public String contentType() {
            return "text/event-stream";
        }

        @Override
        public Buffer of(Buffer events) {
            return events;
        }

        @Override
        public Buffer ping(WireFormat format) {
            return format.ping();
        }

        @Override
        public Buffer end() {
            return Buffer.buffer();
        }
    };

    /** The media type of the answer. */
    String contentType();

    /** The form of these events: whole ones, or whole ones with parts of one that is very long. */
    Buffer of(Buffer events);

    /** What says, between two events or before the first, that more is to come. */
    Buffer ping(WireFormat format);

    /** What says between two events that an answer breaks off, and why. */
    default Buffer error(RelayError error, ClientFormat format, String requestId) {
        return of(error.event(format, requestId));
    }

    /** What comes behind all of them. */
    Buffer end();
}
