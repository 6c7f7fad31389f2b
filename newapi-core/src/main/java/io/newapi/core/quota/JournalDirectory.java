package io.newapi.core.quota;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds a node's journals. One process at a time owns it, by a lock on the file {@code lock}.
 *
 * <p>Opened once at start and closed at the end. Journals may be created and left ones read by different threads.
 */
public final class JournalDirectory implements AutoCloseable {

    private final Path directory;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final Set<WriterId> created = ConcurrentHashMap.newKeySet();

    private JournalDirectory(Path directory, FileChannel lockFile, FileLock lock) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Makes the directory if it is missing, for its owner alone, and takes its lock.
     *
     * @throws JournalFailure if another process owns it, or it cannot be written
     */
    public static JournalDirectory open(Path directory) {
        FileChannel channel = null;
        try {
            make(directory);
            channel = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new JournalFailure("another process uses the data directory "
                        + directory.toAbsolutePath().normalize());
            }
            deleteHalfMadeSegments(directory);
            return new JournalDirectory(directory, channel, lock);
        } catch (IOException e) {
            JournalFailure failure = new JournalFailure("cannot use the data directory " + directory, e);
            closeAfter(failure, channel);
            throw failure;
        }
    }

    /** Journals say who called what; a directory that exists keeps its mode. */
    private static void make(Path directory) throws IOException {
        Path above = directory.toAbsolutePath().getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory, ownersOnly(directory));
        }
    }

    private static FileAttribute<?>[] ownersOnly(Path directory) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void closeAfter(JournalFailure failure, @Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    private static void deleteHalfMadeSegments(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(SegmentName::isPreparing).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /**
     * A new, empty journal for a new writer.
     *
     * @throws JournalFailure if its first segments cannot be made
     */
    public UsageJournal create(WriterId writer) {
        return create(writer, FileJournal.DEFAULT_SEGMENT_BYTES);
    }

    FileJournal create(WriterId writer, int segmentBytes) {
        created.add(writer);
        return FileJournal.create(directory, writer, segmentBytes);
    }

    /** The journals of earlier runs that were not deleted, to be booked and then deleted. */
    public List<UsageJournal> left() {
        return writersLeft().stream().<UsageJournal>map(this::openLeft).toList();
    }

    /** The writers of earlier runs whose journals were not deleted. */
    List<WriterId> writersLeft() {
        return SegmentName.files(directory).stream()
                .map(file -> SegmentName.parse(file).writer())
                .filter(writer -> !created.contains(writer))
                .distinct()
                .toList();
    }

    FileJournal openLeft(WriterId writer) {
        return FileJournal.openLeft(directory, writer, SegmentName.filesOf(directory, writer));
    }

    /** Renames the segments of a journal that must not be booked, so that they are kept but not found again. */
    public void setAside(WriterId writer) {
        for (Path file : SegmentName.filesOf(directory, writer)) {
            try {
                Files.move(file, file.resolveSibling("aside-" + file.getFileName()));
            } catch (IOException e) {
                throw new JournalFailure("cannot set the journal segment " + file + " aside", e);
            }
        }
    }

    /** Gives the directory free. */
    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new JournalFailure("cannot release the lock of " + directory, e);
        }
    }
}
