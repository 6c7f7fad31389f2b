package io.newapi.server.cluster;

import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.util.Optional;

/** Lets only those frames in that were sealed with the same secret, and none out that are too large. Thread-safe. */
final class FrameSeal {

    /** What may be sent at once, everything included. */
    static final int MAX_BYTES = 1024 * 1024;

    private static final String LABEL = "newapi event bus bridge, frames, version 2";

    private final Seal seal;

    FrameSeal(byte[] secret, SecureRandom random) {
        this.seal = new Seal(secret, LABEL, random);
    }

    /** Whether a frame is small enough. */
    boolean fits(Frame frame) {
        return frame.length() <= MAX_BYTES - Seal.ADDED_BYTES;
    }

    /** Empty if the frame is too large. */
    Optional<Buffer> seal(Frame frame) {
        return fits(frame) ? Optional.of(seal.seal(frame.bytes())) : Optional.empty();
    }

    /** Empty if the bytes are no frame of somebody who has the secret. */
    Optional<Frame> open(Buffer sealed) {
        return sealed.length() > MAX_BYTES
                ? Optional.empty()
                : seal.open(sealed).flatMap(Frame::of);
    }
}
