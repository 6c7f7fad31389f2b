package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.server.testing.PostgreSql;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresSchemaTest {

    private static final int NODES = 4;
    private static final Executor THREADS = task -> new Thread(task, "node").start();

    private PostgresLocation location;
    private Database database;

    @BeforeEach
    void open() {
        PostgreSql server = PostgreSql.orLeaveOut("the tables in PostgreSQL");
        location = PostgresTestDatabase.location(server, server.createDatabase());
        database = Database.open(location);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private List<String> query(String sql) {
        return TestDatabase.of(database).query(sql);
    }

    private void execute(String sql) {
        TestDatabase.of(database).execute(sql);
    }

    @Test
    void tablesAreThoseThatTheOriginalMakes() {
        Schema.create(database);

        assertThat(query("select column_name, data_type, character_maximum_length, column_default"
                        + " from information_schema.columns where table_name = 'tokens' order by ordinal_position"))
                .startsWith(
                        "id|bigint|null|nextval('tokens_id_seq'::regclass)",
                        "user_id|bigint|null|null",
                        "key|character|48|null",
                        "status|bigint|null|1",
                        "name|text|null|null")
                .contains(
                        "unlimited_quota|boolean|null|null",
                        "model_limits|character varying|1024|''::character varying",
                        "deleted_at|timestamp with time zone|null|null");
        assertThat(query("select conname from pg_constraint where contype = 'u'"
                        + " and connamespace = 'public'::regnamespace order by conname"))
                .containsExactly("top_ups_trade_no_key", "two_fas_user_id_key", "users_username_key");
        assertThat(query("select indexdef from pg_indexes where indexname = 'uk_prefill_name'")
                        .get(0))
                .endsWith("(name) WHERE (deleted_at IS NULL)");
    }

    @Test
    void whatIsThereIsLeftAlone() {
        assertThat(Schema.create(database).tables()).contains("users", "newapi_leases");

        assertThat(Schema.create(database))
                .isEqualTo(new Schema.Additions(List.of(), List.of(), List.of(), List.of(), List.of()));
    }

    @Test
    void aMissingColumnAndAMissingIndexAreAdded() {
        Schema.create(database);
        execute("alter table logs drop column request_id");

        Schema.Additions additions = Schema.create(database);

        assertThat(additions.columns()).containsExactly("logs.request_id");
        assertThat(additions.indexes()).containsExactly("idx_logs_request_id");
    }

    @Test
    void whoLeavesTheOriginalsTablesToOthersMakesOursAndAddsColumns() {
        assertThat(Schema.createOurs(database).absent()).hasSize(18).contains("users", "logs");
        assertThat(query("select tablename from pg_tables where schemaname = 'public'"))
                .isNotEmpty()
                .allMatch(name -> name.startsWith("newapi_"));

        Schema.create(database);
        execute("alter table logs drop column request_id");

        Schema.Additions additions = Schema.createOurs(database);
        assertThat(additions.absent()).isEmpty();
        assertThat(additions.columns()).containsExactly("logs.request_id");
    }

    @Test
    void nodesThatStartTogetherMakeTheTablesOnce() {
        List<CompletableFuture<Schema.Additions>> nodes = IntStream.range(0, NODES)
                .mapToObj(node -> CompletableFuture.supplyAsync(() -> Schema.create(database), THREADS))
                .toList();

        assertThat(nodes.stream().map(CompletableFuture::join).map(Schema.Additions::tables))
                .filteredOn(tables -> !tables.isEmpty())
                .hasSize(1);
    }

    @Test
    void aFailureLeavesNoTableBehind() {
        execute("create view setups as select 1 as id");

        assertThatThrownBy(() -> Schema.create(database))
                .isInstanceOfSatisfying(
                        DatabaseException.class,
                        e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.SCHEMA));

        assertThat(query("select tablename from pg_tables where schemaname = 'public'"))
                .isEmpty();
    }

    @Test
    void countersGoOnBehindRowsThatCameWithTheirIds() {
        Schema.create(database);
        execute("insert into users (id, username, password) values (41, 'copied', 'x')");

        Schema.create(database);

        assertThat(TestDatabase.of(database).user("new", 0)).isEqualTo(42);
        Schema.create(database);
        assertThat(TestDatabase.of(database).user("newer", 0)).isEqualTo(43);
    }

    @Test
    void tablesMayBeInASchemaOfTheirOwn() {
        execute("create schema gateway");
        PostgresLocation inSchema = new PostgresLocation(
                location.hosts(),
                location.primaryOnly(),
                location.user(),
                location.password(),
                location.database(),
                location.tls(),
                Optional.empty(),
                location.connectTimeout(),
                location.readTimeout(),
                Optional.of("gateway"),
                Map.of("work_mem", "8MB"),
                location.pooling());
        Schema.create(database);
        try (Database other = Database.open(inSchema)) {
            assertThat(Schema.create(other).tables()).contains("users");
            Stores.of(other, InstantSource.system()).options().put(Map.of("key", "value"));

            assertThat(TestDatabase.of(other).query("show work_mem")).containsExactly("8MB");
        }

        assertThat(query("select value from gateway.options")).containsExactly("value");
        assertThat(query("select value from options")).isEmpty();
    }
}
