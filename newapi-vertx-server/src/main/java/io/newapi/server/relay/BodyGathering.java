package io.newapi.server.relay;

import io.newapi.server.relay.wire.Content;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the bytes of one body as they come: in memory, or in a file of the spool if they are many. Used by one thread at a time.
 */
final class BodyGathering {

    /** So much room is made before anything has come; what a client merely announces takes no memory. */
    static final int SMALL_BYTES = 64 * 1024;

    /** So much of a body on its way into a file is in memory. */
    private static final int STEP_BYTES = 256 * 1024;

    private static final int UNANNOUNCED_BYTES = 1024;

    private final BodyMemory.Share memory;
    private final Spool.Share disk;
    private final long maxBytes;
    private final int announced;
    private byte[] bytes;
    private int length;
    private @Nullable SpoolFile file;

    /**
     * Nothing has come yet.
     *
     * @param maxBytes the most that may come; at most 2 GB
     * @param declared how much is to come; negative if that is not known
     * @throws RelayFailure if there is no memory left
     */
    BodyGathering(BodyMemory.Share memory, Spool.Share disk, long maxBytes, long declared) {
        this.memory = memory;
        this.disk = disk;
        this.maxBytes = maxBytes;
        this.announced = (int) Math.max(0, Math.min(declared, maxBytes));
        int room = declared < 0 ? UNANNOUNCED_BYTES : Math.min(announced, SMALL_BYTES);
        take(room);
        this.bytes = new byte[room];
    }

    /** Whether adding so many more bytes takes as long as a disk does. */
    boolean waits(int more) {
        return length + (long) more > bytes.length && isForDisk(length + (long) more);
    }

    /** Whether it takes as long as that to get the {@link #whole}. */
    boolean isOnDisk() {
        return file != null;
    }

    /**
     * Adds the first {@code count} of the bytes.
     *
     * @throws RelayFailure if the body becomes too large, or there is no room for it
     */
    void add(byte[] more, int count) {
        long needed = length + (long) count;
        SpoolFile spooled = file;
        if (needed + (spooled == null ? 0 : spooled.length()) > maxBytes) {
            throw new RelayFailure(RequestBody.tooLarge(maxBytes));
        }
        if (needed <= bytes.length) {
            System.arraycopy(more, 0, bytes, length, count);
            length += count;
        } else if (isForDisk(needed)) {
            write();
            file().append(more, count);
        } else {
            long most = announced >= needed ? announced : maxBytes;
            resize((int) Math.min(Math.max(needed, 2L * bytes.length), most));
            System.arraycopy(more, 0, bytes, length, count);
            length += count;
        }
    }

    /** All that has come; nothing may be added any more. */
    Content whole() {
        SpoolFile spooled = file;
        if (spooled == null) {
            return Content.of(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
        }
        write();
        resize(0);
        return spooled;
    }

    /** What has come is not wanted. */
    void drop() {
        bytes = new byte[0];
        length = 0;
    }

    private boolean isForDisk(long needed) {
        return file != null || disk.takes(Math.max(needed, announced));
    }

    private SpoolFile file() {
        SpoolFile spooled = file;
        if (spooled == null) {
            spooled = disk.file();
            file = spooled;
        }
        return spooled;
    }

    /** Empties the memory into the file. */
    private void write() {
        file().append(bytes, length);
        length = 0;
        resize(STEP_BYTES);
    }

    private void resize(int room) {
        if (room > bytes.length) {
            take(room - bytes.length);
        } else {
            memory.giveBack(bytes.length - room);
        }
        bytes = Arrays.copyOf(bytes, room);
    }

    private void take(int room) {
        if (!memory.take(room)) {
            throw new RelayFailure(Refusals.noMemory());
        }
    }
}
