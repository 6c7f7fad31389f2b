package io.newapi.server.relay.wire.chat;

import io.newapi.core.pricing.Usage;
import io.vertx.core.buffer.Buffer;

/** Says the events of a streamed answer otherwise, as they come. Confined to one thread. */
public interface StreamRewriting {

    /** These events, or parts of one that is very long, as the client is to read them. */
    Buffer of(Buffer events);

    /** How many bytes are held of an event that is not whole. */
    int heldBytes();

    /** Whether an event is so long that it is not waited for. */
    boolean tooLong();

    /**
     * What the client still has to get when the answer is over.
     *
     * @param charged what it was charged for
     */
    Buffer end(Usage charged);

    /** This, and of what comes of it {@code next}. */
    default StreamRewriting then(StreamRewriting next) {
        StreamRewriting first = this;
        return new StreamRewriting() {
            @Override
            public Buffer of(Buffer events) {
                return next.of(first.of(events));
            }

            @Override
            public int heldBytes() {
                return first.heldBytes() + next.heldBytes();
            }

            @Override
            public boolean tooLong() {
                return first.tooLong() || next.tooLong();
            }

            @Override
            public Buffer end(Usage charged) {
                return next.of(first.end(charged)).appendBuffer(next.end(charged));
            }
        };
    }
}
