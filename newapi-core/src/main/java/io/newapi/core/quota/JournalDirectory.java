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
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds a node's journals. One process at a time owns it, by a lock on the file {@code lock}.
 *
 * <p>Opened once at start and closed at the end. Journals may be created and left ones read by different threads.
 */
public final class JournalDirectory implements AutoCloseable {

    /** How much a loss of power may take with {@link FsyncMode#INTERVAL}. */
    private static final long UPKEEP_MILLIS = 200;

    private final Path directory;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final String place;
    private final JournalSettings settings;
    private final JournalSpace space;
    private final LongSupplier nanoClock;
    private final Set<WriterId> created = ConcurrentHashMap.newKeySet();
    private final Queue<FileJournal> living = new ConcurrentLinkedQueue<>();
    private final ScheduledThreadPoolExecutor upkeep =
            new ScheduledThreadPoolExecutor(1, JournalDirectory::upkeepThread, new ThreadPoolExecutor.DiscardPolicy());
    private final AtomicBoolean ticking = new AtomicBoolean();

    private JournalDirectory(
            Path directory,
            FileChannel lockFile,
            FileLock lock,
            String place,
            JournalSettings settings,
            LongSupplier nanoClock) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.lock = lock;
        this.place = place;
        this.settings = settings;
        this.space = new JournalSpace(settings.maxBytes());
        this.nanoClock = nanoClock;
    }

    /** Opens it with {@link JournalSettings#DEFAULT}. */
    public static JournalDirectory open(Path directory) {
        return open(directory, JournalSettings.DEFAULT);
    }

    /**
     * Makes the directory if it is missing, for its owner alone, and takes its lock.
     *
     * @throws JournalFailure if another process owns it, or it cannot be written
     */
    public static JournalDirectory open(Path directory, JournalSettings settings) {
        return open(directory, settings, System::nanoTime);
    }

    static JournalDirectory open(Path directory, JournalSettings settings, LongSupplier nanoClock) {
        FileChannel channel = null;
        try {
            make(directory);
            Path lockFile = directory.resolve("lock");
            channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new JournalFailure("another process uses the data directory "
                        + directory.toAbsolutePath().normalize());
            }
            deleteHalfMadeSegments(directory);
            return new JournalDirectory(directory, channel, lock, JournalPlace.of(lockFile), settings, nanoClock);
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

    private static Thread upkeepThread(Runnable task) {
        Thread thread = new Thread(task, "newapi-journal");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Where this directory is: the machine, the device and the file behind its lock. A copy of the directory is at another
     * place, though its name be the same. A text of at most 191 characters.
     */
    public String place() {
        return place;
    }

    /**
     * A new, empty journal for a new writer. A thread of this directory forces it to the disk and keeps room ready.
     *
     * @throws JournalFailure if its first segments cannot be made
     */
    public UsageJournal create(WriterId writer) {
        if (ticking.compareAndSet(false, true)) {
            // a task that is called off with the directory
            var unused = upkeep.scheduleWithFixedDelay(this::tick, UPKEEP_MILLIS, UPKEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
        return create(writer, settings, upkeep);
    }

    /** The same without a thread: whoever asks for upkeep does it. */
    FileJournal create(WriterId writer, int segmentBytes) {
        return create(writer, settings.withSegmentBytes(segmentBytes), Runnable::run);
    }

    private FileJournal create(WriterId writer, JournalSettings journalSettings, Executor worker) {
        created.add(writer);
        FileJournal journal = FileJournal.create(
                new FileJournal.Surroundings(directory, place, journalSettings, space, worker, nanoClock), writer);
        living.add(journal);
        return journal;
    }

    /** Forces and tidies what is due by time. */
    void tick() {
        living.removeIf(FileJournal::isClosed);
        for (FileJournal journal : living) {
            try {
                journal.tick();
            } catch (RuntimeException e) {
                // the others, and the next time, must not miss their turn for it
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, e);
            }
        }
    }

    /** The journals of this run that are neither closed nor deleted, oldest first. */
    public List<JournalStatus> status() {
        return living.stream()
                .filter(journal -> !journal.isClosed())
                .map(FileJournal::status)
                .toList();
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

    /** Those of them whose journals were written at another place; what cannot be read is none. */
    List<WriterId> writersElsewhere() {
        return writersLeft().stream().filter(this::wasElsewhere).toList();
    }

    private boolean wasElsewhere(WriterId writer) {
        try (LeftJournal journal = openLeft(writer)) {
            return !journal.place().isEmpty() && !journal.place().equals(place);
        } catch (JournalFailure unreadable) {
            // whoever opens it to book it reports that
            return false;
        }
    }

    LeftJournal openLeft(WriterId writer) {
        return LeftJournal.open(directory, writer);
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

    /** Gives the directory free. What was appended to its journals is forced to the disk, where that is asked for. */
    @Override
    public void close() {
        upkeep.shutdown();
        tick();
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new JournalFailure("cannot release the lock of " + directory, e);
        }
    }
}
