package io.newapi.core.quota;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds a node's journals. One process at a time owns it, by a lock on the file {@code lock}.
 *
 * <p>Not thread-safe; opened once at start and closed at the end.
 */
public final class JournalDirectory implements AutoCloseable {

    private final Path directory;
    private final FileChannel lockFile;
    private final FileLock lock;

    private JournalDirectory(Path directory, FileChannel lockFile, FileLock lock) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Makes the directory if it is missing and takes its lock.
     *
     * @throws JournalFailure if another process owns it, or it cannot be written
     */
    public static JournalDirectory open(Path directory) {
        FileChannel channel = null;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new JournalFailure("another process uses the data directory "
                        + directory.toAbsolutePath().normalize());
            }
            return new JournalDirectory(directory, channel, lock);
        } catch (IOException e) {
            throw new JournalFailure("cannot use the data directory " + directory, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    /** A new, empty journal for a new writer. */
    public UsageJournal create(WriterId writer) {
        return FileJournal.create(directory, writer, FileJournal.DEFAULT_SEGMENT_BYTES);
    }

    /** The journals of earlier runs that were not deleted, to be booked and then deleted. */
    public List<UsageJournal> left() {
        Map<String, List<Path>> byWriter = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(SegmentName::matches)
                    .forEach(file -> byWriter.computeIfAbsent(
                                    SegmentName.parse(file).writer().hex(), first -> new ArrayList<>())
                            .add(file));
        } catch (IOException e) {
            throw new JournalFailure("cannot list the data directory " + directory, e);
        }
        List<UsageJournal> journals = new ArrayList<>();
        byWriter.forEach((hex, files) -> journals.add(FileJournal.openLeft(directory, new WriterId(hex), files)));
        return journals;
    }

    /** Renames the segments of a journal that must not be booked, so that they are kept but not found again. */
    public void setAside(WriterId writer) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(SegmentName::matches).toList()) {
                if (SegmentName.parse(file).writer().equals(writer)) {
                    Files.move(file, file.resolveSibling("aside-" + file.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new JournalFailure("cannot set a journal aside in " + directory, e);
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
