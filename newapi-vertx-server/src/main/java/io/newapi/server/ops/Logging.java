package io.newapi.server.ops;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import io.newapi.server.config.LogConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go: standard output, and a file {@code newapi.log} that is rotated by size. Each event is one line, in
 * text or JSON, with what looks like a key masked.
 *
 * <p>Lines are written by a thread of their own, so that a slow disk or a full pipe never holds up an event loop; when
 * it is thousands of lines behind, further ones are dropped. Set up once per process, before anything else logs.
 * Thread-safe.
 */
public final class Logging implements AutoCloseable {

    /** Libraries that say more than an operator wants to know. */
    private static final List<String> CHATTY =
            List.of("io.vertx", "io.netty", "com.zaxxer.hikari", "org.jooq", "org.sqlite");

    private static final String OWN = "io.newapi";
    private static final String FILE = "newapi.log";
    private static final String HINT = " (name another directory with --log-dir, or none with --log-dir=)";
    private static final int QUEUE = 8192;
    private static final int FLUSH_MILLIS = 2000;

    private final LoggerContext context;

    private Logging(LoggerContext context) {
        this.context = context;
    }

    /**
     * Sets up logging for this process, in place of what was set up before.
     *
     * @param zone the time zone of the lines
     * @throws UncheckedIOException if the log directory cannot be made, or the file in it not be written
     */
    public static Logging start(LogConfig config, ZoneId zone) {
        return start((LoggerContext) LoggerFactory.getILoggerFactory(), config, zone, Rotation.DEFAULT);
    }

    static Logging start(LoggerContext context, LogConfig config, ZoneId zone, Rotation rotation) {
        Path dir = config.dir();
        if (dir != null) {
            prepare(dir);
        }
        context.reset();
        // A context that was stopped would not stop, and so not write its queue, a second time.
        context.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        context.getLogger(OWN).setLevel(config.debug() ? Level.DEBUG : Level.INFO);
        CHATTY.forEach(name -> context.getLogger(name).setLevel(config.debug() ? Level.INFO : Level.WARN));

        LogLine line = switch (config.format()) {
            case TEXT -> new TextLine(zone);
            case JSON -> new JsonLine(zone);
        };
        root.addAppender(behindQueue(context, started(context, new ConsoleAppender<>(), line, "stdout")));
        if (dir != null) {
            root.addAppender(behindQueue(context, started(context, file(context, dir, rotation), line, "file")));
        }
        return new Logging(context);
    }

    /** Writes what is still queued, for at most two seconds per destination, and stops logging. */
    @Override
    public void close() {
        context.stop();
    }

    /**
     * When a file is full, and how many are kept.
     *
     * @param maxBytes from which size a file is moved aside
     * @param oldFiles how many such files are kept
     */
    record Rotation(long maxBytes, int oldFiles) {
        /** Half a gigabyte in all. */
        static final Rotation DEFAULT = new Rotation(50L * 1024 * 1024, 9);
    }

    /** Finds out now what the appender would only mention to itself. */
    private static void prepare(Path dir) {
        try {
            Files.createDirectories(dir);
            if (!Files.isWritable(dir)) {
                throw new AccessDeniedException(dir.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write log files to " + dir + HINT, e);
        }
        Path file = dir.resolve(FILE);
        try {
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the log file " + file + HINT, e);
        }
    }

    private static RollingFileAppender<ILoggingEvent> file(LoggerContext context, Path dir, Rotation rotation) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setFile(dir.resolve(FILE).toString());

        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(dir.resolve("newapi.%i.log").toString());
        rolling.setMinIndex(1);
        rolling.setMaxIndex(rotation.oldFiles());
        rolling.start();
        appender.setRollingPolicy(rolling);

        SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(context);
        trigger.setMaxFileSize(new FileSize(rotation.maxBytes()));
        // Asking the file system for each line would cost more than the line.
        trigger.setCheckIncrement(Duration.buildBySeconds(1));
        trigger.start();
        appender.setTriggeringPolicy(trigger);
        return appender;
    }

    private static Appender<ILoggingEvent> started(
            LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, LogLine line, String name) {
        LineEncoder encoder = new LineEncoder(line);
        encoder.setContext(context);
        encoder.start();
        appender.setContext(context);
        appender.setName(name);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    private static Appender<ILoggingEvent> behindQueue(LoggerContext context, Appender<ILoggingEvent> appender) {
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setName(appender.getName() + "-queue");
        queue.setQueueSize(QUEUE);
        queue.setDiscardingThreshold(0);
        queue.setNeverBlock(true);
        queue.setMaxFlushTime(FLUSH_MILLIS);
        queue.addAppender(appender);
        queue.start();
        return queue;
    }
}
