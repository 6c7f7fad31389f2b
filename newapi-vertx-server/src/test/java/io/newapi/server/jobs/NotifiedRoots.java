package io.newapi.server.jobs;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.NewUser;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import io.newapi.server.store.UserChange;
import io.newapi.server.store.UserOutcome;
import io.newapi.server.store.UserRow;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Root users in a database of their own, and what is logged when they are told something. */
final class NotifiedRoots implements AutoCloseable {

    /** In the order in which they came, with their levels. */
    final BlockingQueue<String> logged = new LinkedBlockingQueue<>();

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    };
    private final Logger logger = (Logger) LoggerFactory.getLogger(RootNotices.class);
    private final Database database;
    private final Stores stores;

    NotifiedRoots(Path directory) {
        appender.start();
        logger.addAppender(appender);
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(directory.resolve("one-api.db"))));
        Schema.create(database);
        stores = Stores.of(database, InstantSource.system());
    }

    /** One more, without a mail address of his own. */
    void add(String name, JsonObject setting) {
        add(name, setting, "");
    }

    void add(String name, JsonObject setting, String email) {
        UserOutcome created = stores.users().create(NewUser.of(name, "", name, 100, 0), 0);
        long id = ((UserOutcome.Saved) created).user().id();
        stores.users().update(id, UserChange.none().setting(setting.encode()).email(email), 0);
    }

    /** Those that there are. */
    List<UserRow> enabled() {
        return stores.users().enabledRoots();
    }

    /** The next of what comes, which is waited for. */
    static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(60, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("waited for a minute in vain");
        }
        return next;
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        database.close();
    }
}
