package io.newapi.server.relay.wire;

import java.io.InputStream;

/**
 * The bytes of a request's body, wherever they lie. They do not change.
 *
 * <p>What does not lie {@linkplain #inMemory in memory} is read from a disk: reading it takes a while, and throws an {@link
 * java.io.UncheckedIOException} if the disk fails, or if the request is over. Thread-safe.
 */
public interface Content {

    /** Bytes that are at hand; they must not be changed. */
    static Content of(byte[] bytes) {
        return new HeldContent(bytes);
    }

    /** How many there are. */
    int length();

    /** Whether reading them costs nothing. */
    boolean inMemory();

    /** Copies the {@code count} bytes from {@code from} on to {@code into}, to {@code at} and behind. */
    void read(int from, byte[] into, int at, int count);

    /** All of them, not to be changed; in memory of their own unless they were there before. */
    default byte[] bytes() {
        byte[] all = new byte[length()];
        read(0, all, 0, all.length);
        return all;
    }

    /** The same, one after the other. */
    default InputStream open() {
        return new ContentStream(this);
    }
}
