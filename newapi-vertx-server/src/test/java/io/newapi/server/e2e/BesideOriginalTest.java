package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.store.BookDifference;
import io.newapi.server.store.BookKind;
import io.newapi.server.store.BookReport;
import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.RedisServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that shares its database and its Redis with nodes of the original, which are played. */
class BesideOriginalTest {

    private static final String UNTESTED = "nodes beside those of the original";
    private static final String SECRET = "a secret that all nodes know";
    private static final String REDIS_DATABASE = "1";
    private static final long PLENTY = 1_000_000_000;
    private static final int CALLS = 120;
    private static final int ORIGINALS = 3;
    private static final int CHARGES = 100;

    /** Long enough to save a row meanwhile. */
    private static final Script SLOW = Script.PLAIN.withDelays(Duration.ofSeconds(2), Duration.ZERO);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private final JsonObject question = Caller.question(PER_CALL, "Who else is there?");
    private SharedDatabase database;

    @BeforeEach
    void prepare() {
        database = SharedDatabase.create(MariaDb.orLeaveOut(UNTESTED));
    }

    @AfterEach
    void stop() {
        upstreams.close();
    }

    @Test
    void whatBothChargeAtTheSameTimeIsChargedToTheUnit() throws SQLException {
        DataDirectory directory = DataDirectory.create(path, database);
        long channel = directory.channel("only", upstreams.start(Script.PLAIN).url(), 0);
        long user = directory.user("someone", PLENTY);
        Key key = directory.limitedToken(user, "key", PLENTY);

        try (TestNode node = TestNode.start(directory)) {
            ExecutorService originals = Executors.newFixedThreadPool(ORIGINALS);
            List<CompletableFuture<Void>> charging = new ArrayList<>();
            for (int i = 0; i < ORIGINALS; i++) {
                charging.add(CompletableFuture.runAsync(() -> playOriginal(user, key, channel), originals));
            }
            assertThat(new Caller(node.url()).together(CALLS, key, question)).allMatch(Reply::complete);
            charging.forEach(CompletableFuture::join);
            originals.shutdown();
        }

        long theirs = 3L * CHARGES * ORIGINALS;
        long spent = CALLS * CALL_UNITS + theirs;
        // every log row is of one of both, and balances are what was granted without all of them
        Books books = Books.read(directory).nothingLeased();
        assertThat(books.user(user)).isEqualTo(new Books.Balance(PLENTY - spent, 0, spent));
        assertThat(books.token(key)).isEqualTo(new Books.Balance(PLENTY - spent, 0, spent));
        assertThat(books.channelUsed(channel)).isEqualTo(spent);
        assertThat(number("select request_count from users where id = " + user)).isEqualTo(CALLS + CHARGES * ORIGINALS);
        assertThat(number("select sum(quota) from logs where type = 2")).isEqualTo(spent);
        assertThat(number("select count(*) from newapi_ledger_suspense")).isZero();
        Audited.inOrder(directory);
    }

    private void playOriginal(long user, Key key, long channel) {
        try (OriginalNode original = new OriginalNode(database)) {
            for (int i = 0; i < CHARGES; i++) {
                original.charge(user, key, channel, 3);
                original.chargeAndGiveBack(user, key, 500);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The original's own weakness: it does the same to its own charges. What matters is that nothing else suffers. */
    @Test
    void aWholeRowThatTheOriginalSavesTakesChargesBackAndTheAuditSaysSo() throws SQLException {
        DataDirectory directory = DataDirectory.create(path, database);
        long channel = directory.channel("only", upstreams.start(Script.PLAIN).url(), 0);
        long user = directory.user("someone", PLENTY);
        Key key = directory.limitedToken(user, "key", PLENTY);

        try (OriginalNode original = new OriginalNode(database)) {
            List<OriginalNode.Column> row = original.read(user);
            try (TestNode node = TestNode.start(directory)) {
                assertThat(new Caller(node.url()).together(CALLS, key, question))
                        .allMatch(Reply::complete);
            }
            original.save(user, row);
        }
        // serves on from what is there now
        try (TestNode node = TestNode.start(directory)) {
            assertThat(new Caller(node.url()).together(CALLS, key, question)).allMatch(Reply::complete);
        }

        long each = CALLS * CALL_UNITS;
        Books books = Books.read(directory).nothingLeased();
        assertThat(books.user(user))
                .as("the first calls are forgotten")
                .isEqualTo(new Books.Balance(PLENTY - each, 0, each));
        assertThat(books.token(key)).isEqualTo(new Books.Balance(PLENTY - 2 * each, 0, 2 * each));
        assertThat(books.channelUsed(channel)).isEqualTo(2 * each);
        assertThat(number("select count(*) from newapi_ledger_suspense")).isZero();
        BookReport report = directory.audit();
        assertThat(report.state()).isEqualTo(BookReport.State.DONE);
        assertThat(report.differences())
                .as("what the user has used is less than what his log rows say")
                .isNotEmpty()
                .allSatisfy(difference -> {
                    assertThat(difference.kind()).isEqualTo(BookKind.USER);
                    assertThat(difference.accountId()).isEqualTo(user);
                    assertThat(difference.cause()).isEqualTo(BookDifference.Cause.ROW_WITHOUT_CHARGE);
                    assertThat(Math.abs(difference.units())).isEqualTo(each);
                });
    }

    @Test
    void aWholeRowThatIsSavedWhileANodeHoldsSomeOfTheBalanceShowsAsAForeignChange() throws SQLException {
        DataDirectory directory = DataDirectory.create(path, database);
        directory.channel("only", upstreams.start(SLOW).url(), 0);
        long user = directory.user("someone", PLENTY);
        Key key = directory.unlimitedToken(user, "key");
        String leased = "select coalesce(sum(held), 0) from newapi_leases where kind = 1 and account_id = " + user;

        long held;
        try (OriginalNode original = new OriginalNode(database);
                TestNode node = TestNode.start(directory)) {
            List<OriginalNode.Column> row = original.read(user);
            CompletableFuture<Reply> call = new Caller(node.url()).send(key, question);
            Eventually.until("some of the balance is leased for the call", () -> number(leased) > 0);
            held = number(leased);
            original.save(user, row);
            assertThat(call.join().status()).isEqualTo(200);
        }

        assertThat(Books.read(directory).nothingLeased().user(user))
                .as("what was leased was in the old balance too")
                .isEqualTo(new Books.Balance(PLENTY + held - CALL_UNITS, 0, CALL_UNITS));
        assertThat(directory.audit().differences()).singleElement().satisfies(difference -> {
            assertThat(difference.kind()).isEqualTo(BookKind.USER);
            assertThat(difference.cause()).isEqualTo(BookDifference.Cause.FOREIGN_CHANGE);
            assertThat(difference.units()).isEqualTo(held);
        });
    }

    @Test
    void whatTheOriginalKeepsInRedisFollowsChargesAndChanges() {
        try (RedisServer redis = RedisServer.orLeaveOut(UNTESTED)) {
            DataDirectory directory = DataDirectory.create(path, database);
            directory.channel("only", upstreams.start(Script.PLAIN).url(), 0);
            Audited.Root root = directory.root();
            long user = directory.user("someone", PLENTY);
            Key key = directory.limitedToken(user, "key", PLENTY);
            try (TestNode node = TestNode.start(
                    directory,
                    Map.of("REDIS_CONN_STRING", redis.url(), "CRYPTO_SECRET", SECRET, "SYNC_FREQUENCY", "3600"))) {
                OriginalNode.keep(redis, REDIS_DATABASE, user, key, SECRET);
                assertThat(new Caller(node.url()).call(key, question).status()).isEqualTo(200);
                untilForgotten(redis, OriginalNode.nameOf(user));
                untilForgotten(redis, OriginalNode.nameOf(key, SECRET));

                OriginalNode.keep(redis, REDIS_DATABASE, user, key, SECRET);
                change(
                        node.url(),
                        Long.toString(root.userId()),
                        "Bearer " + root.accessToken(),
                        "/api/user/manage",
                        new JsonObject().put("id", user).put("action", "delete"));
                untilForgotten(redis, OriginalNode.nameOf(user));
                untilForgotten(redis, OriginalNode.nameOf(key, SECRET));
            }
        }
    }

    private static void untilForgotten(RedisServer redis, String name) {
        Eventually.until(
                name + " is removed",
                () -> redis.commandIn(REDIS_DATABASE, "EXISTS", name).equals("0"));
    }

    @Test
    void theOriginalsTablesStayAsTheyAreAndOnlyTheCellsThatMeanSomethingChange() throws SQLException, IOException {
        load("original-mysql-2025-12.sql");
        execute("update channels set base_url = '"
                + upstreams.start(Script.PLAIN).url() + "' where id = 1");
        Map<String, String> schema = schema();
        Map<String, String> cells = cells(schema);

        DataDirectory elsewhere = DataDirectory.create(path);
        try (TestNode node = TestNode.start(elsewhere, Map.of("SQL_DSN", database.dsn()))) {
            Key key = new Key(1, "sk-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKL");
            assertThat(new Caller(node.url()).call(key, question).status()).isEqualTo(200);
            change(
                    node.url(),
                    "1",
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZab",
                    "/api/user/manage",
                    new JsonObject().put("id", 4).put("action", "disable"));
        }

        Map<String, String> after = schema();
        assertThat(after).as("what was there, as it was").containsAllEntriesOf(schema);
        assertThat(new TreeSet<>(after.keySet())
                        .stream().filter(name -> !schema.containsKey(name) && !name.contains(" newapi_")))
                .as("what later versions of the original add to its tables")
                .containsExactlyInAnyOrder(
                        "column tokens.cross_group_retry",
                        "column logs.request_id",
                        "column logs.upstream_request_id",
                        "column top_ups.payment_provider",
                        "column quota_data.use_group",
                        "column quota_data.token_id",
                        "column quota_data.channel_id",
                        "column quota_data.node_name",
                        "index logs.idx_logs_request_id.1",
                        "index logs.idx_logs_upstream_request_id.1",
                        "index logs.idx_user_id_id.1",
                        "index logs.idx_user_id_id.2",
                        "index quota_data.idx_quota_data_channel_id.1",
                        "index quota_data.idx_quota_data_node_name.1",
                        "index quota_data.idx_quota_data_token_id.1",
                        "index quota_data.idx_quota_data_use_group.1");
        Map<String, String> cellsAfter = cells(schema);
        assertThat(cells.keySet().stream().filter(cell -> !Objects.equals(cells.get(cell), cellsAfter.get(cell))))
                .containsExactlyInAnyOrder(
                        "users 2 quota",
                        "users 2 used_quota",
                        "users 2 request_count",
                        "tokens 1 remain_quota",
                        "tokens 1 used_quota",
                        "tokens 1 accessed_time",
                        "channels 1 used_quota",
                        "users 4 status");
        assertThat(cellsAfter.get("users 2 quota")).isEqualTo(Long.toString(5_000_000 - CALL_UNITS));
    }

    private static void change(String url, String who, String authorization, String resource, JsonObject body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + resource))
                .POST(BodyPublishers.ofString(body.encode()))
                .header("Authorization", authorization)
                .header("New-Api-User", who)
                .header("Content-Type", "application/json")
                .build();
        String answer = HTTP.sendAsync(request, BodyHandlers.ofString()).join().body();
        assertThat(new JsonObject(answer).getBoolean("success")).as(answer).isTrue();
    }

    /** Columns and indexes of all tables, by what they are named. */
    private Map<String, String> schema() throws SQLException {
        Map<String, String> all = new TreeMap<>();
        rows("select concat('column ', table_name, '.', column_name), concat_ws('|', ordinal_position, column_type,"
                        + " is_nullable, ifnull(column_default, 'none'), ifnull(collation_name, ''), extra)"
                        + " from information_schema.columns where table_schema = database()")
                .forEach(row -> all.put(row.get(0), row.get(1)));
        rows("select concat('index ', table_name, '.', index_name, '.', seq_in_index), concat_ws('|', column_name,"
                        + " non_unique, ifnull(sub_part, ''), index_type)"
                        + " from information_schema.statistics where table_schema = database()")
                .forEach(row -> all.put(row.get(0), row.get(1)));
        rows("select concat('table ', table_name), concat_ws('|', engine, table_collation)"
                        + " from information_schema.tables where table_schema = database()")
                .forEach(row -> all.put(row.get(0), row.get(1)));
        return all;
    }

    /** Every value of the columns that a schema has, by table, key and column. */
    private Map<String, String> cells(Map<String, String> schema) throws SQLException {
        Map<String, String> cells = new TreeMap<>();
        for (String column : schema.keySet()) {
            if (column.startsWith("column ")) {
                String[] names = column.substring("column ".length()).split("\\.", -1);
                String key = switch (names[0]) {
                    case "options" -> "`key`";
                    case "abilities" -> "concat_ws('/', `group`, model, channel_id)";
                    default -> "id";
                };
                rows("select " + key + ", cast(`" + names[1] + "` as char) from `" + names[0] + "`")
                        .forEach(row -> cells.put(names[0] + " " + row.get(0) + " " + names[1], row.get(1)));
            }
        }
        return cells;
    }

    private void load(String resource) throws SQLException, IOException {
        try (InputStream in = Objects.requireNonNull(BesideOriginalTest.class.getResourceAsStream(resource))) {
            for (String statement : new String(in.readAllBytes(), UTF_8).split(";\\R", -1)) {
                if (!statement.isBlank()) {
                    execute(statement);
                }
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<List<String>> rows(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(List.of(result.getString(1), String.valueOf(result.getString(2))));
            }
            return rows;
        }
    }

    private long number(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
