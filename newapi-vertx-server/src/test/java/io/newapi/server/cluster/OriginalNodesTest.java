package io.newapi.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.newapi.server.store.ClusterStore;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class OriginalNodesTest {

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final Logger logger = (Logger) LoggerFactory.getLogger(OriginalNodes.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private Database database;
    private OriginalNodes originals;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(directory.resolve("one-api.db"))));
        Schema.create(database);
        originals = new OriginalNodes(new ClusterStore(database), nanos::get);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void close() {
        logger.detachAppender(lines);
        database.close();
    }

    private void execute(String sql) {
        database.write(context -> context.execute(sql));
    }

    @Test
    void thoseThatAreThereAreNamedAtOnceAndOnceAnHour() {
        execute("create table system_instances (node_name varchar(128) primary key, last_seen_at bigint)");
        execute("insert into system_instances values ('there', strftime('%s', 'now'))");
        execute("insert into system_instances values ('gone', strftime('%s', 'now') - 3600)");

        originals.lookNowAndThen();
        nanos.addAndGet(Duration.ofMinutes(59).toNanos());
        originals.lookNowAndThen();

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .satisfies(line -> assertThat(line).contains("share this database: there; unless NODE_TYPE=slave"));

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        originals.lookNowAndThen();
        assertThat(lines.list).hasSize(2);
    }

    @Test
    void withoutTheirTableNothingIsSaid() {
        originals.lookNowAndThen();

        assertThat(lines.list).isEmpty();
    }
}
