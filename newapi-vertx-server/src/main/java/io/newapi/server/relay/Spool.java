package io.newapi.server.relay;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where large bodies of requests lie while their calls last: files that only the owner of the process can read, and that have no
 * name. A file loses its name in the moment in which it is made (on Windows when it is closed), so that the system removes it when
 * the process ends, however it ends. Several nodes may share the directory.
 *
 * <p>Thread-safe. Making, writing, reading and closing files takes a while.
 */
public final class Spool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final Set<OpenOption> OPTIONS = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);

    /** So much of the disk is left to whoever else writes to it, above all to the journal. */
    static final long LEFT_FREE_BYTES = 512L * 1024 * 1024;

    private static final String PREFIX = "body-";
    private static final String SUFFIX = ".spool";

    private final Path directory;
    private final long thresholdBytes;
    private final long maxBytes;
    private final Disk disk;
    private final AtomicLong heldBytes = new AtomicLong();
    private final Set<SpoolFile> files = ConcurrentHashMap.newKeySet();

    /** Where the files are. */
    @FunctionalInterface
    interface Disk {
        /** How many bytes it would still take. */
        long freeBytes() throws IOException;
    }

    private Spool(Path directory, long thresholdBytes, long maxBytes, Disk disk) {
        if (thresholdBytes < RelaySettings.LARGE_BYTES) {
            throw new IllegalArgumentException("bodies of " + thresholdBytes + " bytes are read by event loops");
        }
        this.directory = directory;
        this.thresholdBytes = thresholdBytes;
        this.maxBytes = maxBytes;
        this.disk = disk;
    }

    /**
     * A spool in a directory, which is made if it is not there; what a crash left in it is removed.
     *
     * @param thresholdBytes bodies that have more do not stay in memory; at least 1 MiB
     * @param maxBytes the most that all of them together may take on the disk; 0 if all are to stay in memory
     * @throws IOException if the directory cannot be written to
     */
    public static Spool in(Path directory, long thresholdBytes, long maxBytes) throws IOException {
        if (maxBytes == 0) {
            return new Spool(directory, thresholdBytes, 0, () -> 0);
        }
        Files.createDirectories(directory, modes(directory, "rwx------"));
        return in(directory, thresholdBytes, maxBytes, Files.getFileStore(directory)::getUsableSpace);
    }

    /** The same in a directory that is there, on that disk. */
    static Spool in(Path directory, long thresholdBytes, long maxBytes, Disk disk) throws IOException {
        Spool spool = new Spool(directory, thresholdBytes, maxBytes, disk);
        removeLeftovers(directory);
        spool.open().close();
        return spool;
    }

    /** One that takes nothing: all bodies stay in memory. */
    public static Spool none() {
        return new Spool(Path.of(""), RelaySettings.LARGE_BYTES, 0, () -> 0);
    }

    /** What a crash left between making a file and taking its name away; another node's files have lost theirs. */
    private static void removeLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
            for (Path file : left) {
                removeLeftover(file);
            }
        }
    }

    private static void removeLeftover(Path file) {
        try {
            Files.deleteIfExists(file);
            LOG.info("removed {}, which was left behind", file);
        } catch (IOException e) {
            // on Windows, the file of a node that runs
            LOG.debug("cannot remove {}", file, e);
        }
    }

    private static FileAttribute<?>[] modes(Path path, String modes) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(modes))}
                : new FileAttribute<?>[0];
    }

    private FileChannel open() throws IOException {
        Path file = directory.resolve(PREFIX + UUID.randomUUID() + SUFFIX);
        return FileChannel.open(file, OPTIONS, modes(directory, "rw-------"));
    }

    /** Whether a body of so many bytes is to lie here; on a disk that is nearly full, none is. */
    boolean takes(long bytes) {
        return maxBytes > 0 && bytes > thresholdBytes && leavesRoom(bytes);
    }

    private boolean leavesRoom(long bytes) {
        try {
            return disk.freeBytes() - bytes >= LEFT_FREE_BYTES;
        } catch (IOException e) {
            LOG.debug("the disk does not say how full it is", e);
            return false;
        }
    }

    /** The files of one exchange, of which there are none yet. */
    Share share() {
        return new Share(this);
    }

    /** How many bytes lie on the disk. */
    long heldBytes() {
        return heldBytes.get();
    }

    /** How many files there are. */
    int files() {
        return files.size();
    }

    /** @throws RelayFailure if there is no room */
    void take(SpoolFile file, int bytes) {
        if (file.length() + (long) bytes > maxBytes) {
            throw new RelayFailure(Refusals.largerThanDisk(maxBytes));
        }
        if (!leavesRoom(bytes)) {
            throw new RelayFailure(Refusals.diskBusy());
        }
        if (heldBytes.addAndGet(bytes) > maxBytes) {
            heldBytes.addAndGet(-bytes);
            throw new RelayFailure(Refusals.diskBusy());
        }
    }

    void closed(SpoolFile file, long bytes) {
        heldBytes.addAndGet(-bytes);
        files.remove(file);
    }

    /** Removes what is there, of whatever call. */
    @Override
    public void close() {
        files.forEach(SpoolFile::close);
    }

    /** The files of one exchange; they are removed together. Used by one thread at a time. */
    static final class Share implements AutoCloseable {

        private final Spool spool;
        private final List<SpoolFile> files = new ArrayList<>(0);

        private Share(Spool spool) {
            this.spool = spool;
        }

        /** Whether a body of so many bytes is to lie in a file. */
        boolean takes(long bytes) {
            return spool.takes(bytes);
        }

        boolean isEmpty() {
            return files.isEmpty();
        }

        /**
         * A new file, with nothing in it.
         *
         * @throws RelayFailure if the disk does not take it
         */
        SpoolFile file() {
            try {
                SpoolFile file = new SpoolFile(spool, spool.open());
                spool.files.add(file);
                files.add(file);
                return file;
            } catch (IOException e) {
                LOG.error("a large body cannot be put into {}", spool.directory, e);
                throw new RelayFailure(Refusals.diskFailed());
            }
        }

        /** Repeating it does nothing. */
        @Override
        public void close() {
            files.forEach(SpoolFile::close);
        }
    }
}
