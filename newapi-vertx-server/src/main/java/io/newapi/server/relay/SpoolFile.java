package io.newapi.server.relay;

import io.newapi.server.relay.wire.Content;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A body on the disk: one thread at a time adds to it, then any may read it, also when another closes it. */
final class SpoolFile implements Content, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolFile.class);

    private final Spool spool;
    private final FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile int length;

    SpoolFile(Spool spool, FileChannel channel) {
        this.spool = spool;
        this.channel = channel;
    }

    /**
     * Adds the first {@code count} of the bytes at its end.
     *
     * @throws RelayFailure if there is no room, or the disk does not take them
     */
    void append(byte[] bytes, int count) {
        spool.take(this, count);
        int end = length;
        length = end + count;
        try {
            ByteBuffer left = ByteBuffer.wrap(bytes, 0, count);
            while (left.hasRemaining()) {
                channel.write(left, end + (long) left.position());
            }
        } catch (IOException e) {
            LOG.error("a large body cannot be written to the disk", e);
            throw new RelayFailure(Refusals.diskFailed());
        }
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public boolean inMemory() {
        return false;
    }

    @Override
    public void read(int from, byte[] into, int at, int count) {
        try {
            ByteBuffer left = ByteBuffer.wrap(into, at, count);
            while (left.hasRemaining()) {
                if (channel.read(left, from + (long) left.position() - at) < 0) {
                    throw new EOFException("the file of a body ends at " + channel.size());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a large body cannot be read from the disk", e);
        }
    }

    /** Removes it; repeating it does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.error("the file of a body cannot be closed", e);
            }
            spool.closed(this, length);
        }
    }
}
