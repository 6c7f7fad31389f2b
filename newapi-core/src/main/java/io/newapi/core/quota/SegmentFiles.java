package io.newapi.core.quota;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The files of one writer's segments. Each is made by one thread at a time. */
final class SegmentFiles {

    private static final byte[] ZEROS = new byte[64 * 1024];

    /** The disk did not take so much. */
    private static final class NoRoom extends IOException {

        @Serial
        private static final long serialVersionUID = 1;

        NoRoom(String message) {
            super(message);
        }

        NoRoom(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private final Path directory;
    private final WriterId writer;
    private final SegmentLayout layout;
    private final String place;

    SegmentFiles(Path directory, WriterId writer, SegmentLayout layout, String place) {
        this.directory = directory;
        this.writer = writer;
        this.layout = layout;
        this.place = place;
    }

    /**
     * Fills a new file with zeros under another name, and only then makes it a segment: a file with a segment's name has
     * all of its room.
     *
     * @param forced whether it is on the disk when this returns
     * @throws JournalFailure if it cannot be made; then nothing of it is left
     */
    Segment make(int number, boolean forced) {
        Path file = file(number);
        Path zeros = null;
        try {
            // asked first: a disk must not be filled to its last byte only to learn that it is full
            long usable = Files.getFileStore(directory).getUsableSpace();
            if (usable < layout.bytes(number)) {
                throw new NoRoom("the disk has " + usable + " bytes left");
            }
            if (Files.exists(file)) {
                throw new IOException("there is a file of this name");
            }
            zeros = SegmentName.preparing(directory);
            MappedByteBuffer made = zeroed(zeros, number, forced);
            Files.move(zeros, file, StandardCopyOption.ATOMIC_MOVE);
            if (forced) {
                forceNames();
            }
            return new Segment(number, layout.start(number), made);
        } catch (IOException | UncheckedIOException | InternalError e) {
            // the last two: a mapped page that the disk does not take
            JournalFailure failure = new JournalFailure("cannot make the journal segment " + file, e);
            if (zeros != null) {
                try {
                    Files.deleteIfExists(zeros);
                } catch (IOException leftOver) {
                    failure.addSuppressed(leftOver);
                }
            }
            throw failure;
        }
    }

    /** Whether a segment could not be made because the disk had no room for it. */
    static boolean lackedRoom(JournalFailure failure) {
        return failure.getCause() instanceof NoRoom;
    }

    private MappedByteBuffer zeroed(Path file, int number, boolean forced) throws IOException {
        int bytes = layout.bytes(number);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            fill(channel, bytes);
            MappedByteBuffer made = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
            new SegmentHeader(writer, number, layout, place).write(made);
            if (forced) {
                made.force();
                channel.force(true);
            }
            return made;
        }
    }

    private static void fill(FileChannel channel, int bytes) throws NoRoom {
        ByteBuffer zeros = ByteBuffer.wrap(ZEROS);
        try {
            for (long written = 0; written < bytes; ) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - written));
                written += channel.write(zeros, written);
            }
        } catch (IOException e) {
            // a quota, or somebody who was faster: the disk said before that it had room
            throw new NoRoom(e);
        }
    }

    /** Forces the names of the files to the disk, where the system can do that. */
    void forceNames() throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    /** Opens a segment to be read. */
    Segment open(int number) {
        return new Segment(number, layout.start(number), mapped(file(number)));
    }

    /** Removes a segment; false when that is not possible now. */
    boolean delete(int number) {
        try {
            Files.deleteIfExists(file(number));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes all segments, the last one first: what an interruption leaves is a journal that begins where it began. */
    void deleteAll() {
        List<Path> files = SegmentName.filesOf(directory, writer);
        for (int i = files.size() - 1; i >= 0; i--) {
            try {
                Files.deleteIfExists(files.get(i));
            } catch (IOException e) {
                throw new JournalFailure("cannot delete the journal segment " + files.get(i), e);
            }
        }
    }

    private Path file(int number) {
        return SegmentName.file(directory, writer, number);
    }

    static MappedByteBuffer mapped(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE));
        } catch (IOException e) {
            throw new JournalFailure("cannot read the journal segment " + file, e);
        }
    }
}
