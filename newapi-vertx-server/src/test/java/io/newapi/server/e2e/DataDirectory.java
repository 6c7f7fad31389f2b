package io.newapi.server.e2e;

import io.newapi.server.auth.AccessTokens;
import io.newapi.server.jobs.Auditor;
import io.newapi.server.store.BookReport;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.NewToken;
import io.newapi.server.store.NewUser;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import io.newapi.server.store.TokenOutcome;
import io.newapi.server.store.TokenRow;
import io.newapi.server.store.UserOutcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The directory that a node under test works in: filled before the node starts, read by {@link Books} after. It
 * remembers what was granted, so that the books can be checked against something that the node did not write.
 *
 * <p>The database file is open only while a method runs: a killed node leaves it as a killed node does.
 */
final class DataDirectory {

    /** 0.002 USD, which is 1000 units, for each call. */
    static final String PER_CALL = "model-by-call";

    /** What a call of {@link #PER_CALL} costs. */
    static final long CALL_UNITS = 1000;

    /** One unit for each prompt token, two for each completion token. */
    static final String BY_RATIO = "model-by-ratio";

    /** The least number of prompt tokens that a call of {@link #BY_RATIO} reserves. */
    static final long LEAST_PROMPT = 500;

    /** Served by the channels, but without a price. */
    static final String UNPRICED = "model-without-price";

    private static final long BY_ROOT = 0;
    private static final int ROOT = 100;
    private static final int OPENAI = 1;

    private final Path path;
    private final Optional<SharedDatabase> shared;
    private final Optional<SharedDatabase> logs;
    private final Map<Long, Long> grantedToUsers = new HashMap<>();
    private final Map<Long, Long> grantedToTokens = new HashMap<>();

    private DataDirectory(Path path, Optional<SharedDatabase> shared, Optional<SharedDatabase> logs) {
        this.path = path;
        this.shared = shared;
        this.logs = logs;
    }

    /** All tables, the prices above, and two retries. */
    static DataDirectory create(Path path) {
        return filled(new DataDirectory(path, Optional.empty(), Optional.empty()));
    }

    /** The same, with the data on a server that other nodes use too. */
    static DataDirectory create(Path path, SharedDatabase shared) {
        return filled(new DataDirectory(path, Optional.of(shared), Optional.empty()));
    }

    /** The directory of a node that shares a database in which there is nothing yet. */
    static DataDirectory untouched(Path path, SharedDatabase shared) {
        return new DataDirectory(path, Optional.of(shared), Optional.empty());
    }

    /** The same directory, with the logs in a database of their own. */
    DataDirectory withLogsIn(SharedDatabase database) {
        return withGrantsOf(new DataDirectory(path, shared, Optional.of(database)));
    }

    /** The directory of another node that shares the database. */
    DataDirectory ofAnotherNode(Path other) {
        return withGrantsOf(new DataDirectory(other, shared, logs));
    }

    /** The same directory, with the data on another server that has taken it over. */
    DataDirectory at(SharedDatabase other) {
        return withGrantsOf(new DataDirectory(path, Optional.of(other), logs));
    }

    private DataDirectory withGrantsOf(DataDirectory directory) {
        directory.grantedToUsers.putAll(grantedToUsers);
        directory.grantedToTokens.putAll(grantedToTokens);
        return directory;
    }

    private static DataDirectory filled(DataDirectory directory) {
        directory.options(Map.of(
                "RetryTimes", "2",
                "PreConsumedQuota", Long.toString(LEAST_PROMPT),
                "ModelPrice", "{\"" + PER_CALL + "\":0.002}",
                "ModelRatio", "{\"" + BY_RATIO + "\":1}",
                "CompletionRatio", "{\"" + BY_RATIO + "\":2}"));
        return directory;
    }

    Path path() {
        return path;
    }

    Path database() {
        return path.resolve("one-api.db");
    }

    /** What a node must be told to find its data. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        shared.ifPresent(database -> settings.put("SQL_DSN", database.dsn()));
        logs.ifPresent(database -> settings.put("LOG_SQL_DSN", database.dsn()));
        return settings;
    }

    /** The name of the database on a server. */
    String databaseName() {
        return shared.map(SharedDatabase::name).orElseThrow();
    }

    /** A connection that is not the node's. */
    Connection connect() throws SQLException {
        return shared.isPresent()
                ? shared.get().connect()
                : DriverManager.getConnection("jdbc:sqlite:" + database() + "?busy_timeout=30000");
    }

    boolean hasLogsApart() {
        return logs.isPresent();
    }

    /** The same to where the table of logs is. */
    Connection connectToLogs() throws SQLException {
        return logs.isPresent() ? logs.get().connect() : connect();
    }

    /** What a user was granted at first. */
    long grantedToUser(long userId) {
        return grantedToUsers.getOrDefault(userId, 0L);
    }

    /** What a token was granted at first, 0 if it has no limit. */
    long grantedToToken(long tokenId) {
        return grantedToTokens.getOrDefault(tokenId, 0L);
    }

    /** An ordinary user of the group {@code default}; the id. */
    long user(String name, long quota) {
        UserOutcome created = with(stores -> stores.users().create(NewUser.of(name, "", name, 1, quota), BY_ROOT));
        long id = ((UserOutcome.Saved) created).user().id();
        grantedToUsers.put(id, quota);
        return id;
    }

    /** The root user, without any quota. */
    Audited.Root root() {
        return with(stores -> {
            UserOutcome created = stores.users().create(NewUser.of("root", "", "root", ROOT, 0), BY_ROOT);
            long id = ((UserOutcome.Saved) created).user().id();
            return new Audited.Root(id, accessToken(stores, id));
        });
    }

    /** What a user says to the console instead of logging in. */
    String accessToken(long userId) {
        return with(stores -> accessToken(stores, userId));
    }

    private static String accessToken(Stores stores, long userId) {
        return new AccessTokens(stores.users(), stores.accessTokens(), InstantSource.system()).replaceOwn(userId);
    }

    /** What an audit of the books finds; the caller makes it himself. */
    BookReport audit() {
        return with(stores -> new Auditor(
                        stores.books(), InstantSource.system(), Runnable::run, () -> "by the test", report -> {})
                .begin());
    }

    /** A token that may spend {@code quota} of its user's balance. */
    Key limitedToken(long userId, String name, long quota) {
        return token(new NewToken(userId, name, -1, quota, false, false, "", "", "", false));
    }

    /** A token without a limit of its own. */
    Key unlimitedToken(long userId, String name) {
        return token(NewToken.unlimited(userId, name));
    }

    private Key token(NewToken token) {
        TokenOutcome created = with(stores -> stores.tokens().create(token, 100, BY_ROOT));
        TokenRow row = ((TokenOutcome.Created) created).token();
        grantedToTokens.put(row.id(), token.remainQuota());
        return new Key(row.id(), "sk-" + row.key());
    }

    /** An OpenAI channel that serves all three models; the id. */
    long channel(String name, String baseUrl, long priority) {
        return channel(OPENAI, name, baseUrl, priority);
    }

    /**
     * The same of another type.
     *
     * @param type its number
     */
    long channel(int type, String name, String baseUrl, long priority) {
        ChannelChange channel = ChannelChange.none()
                .type(type)
                .name(name)
                .key("sk-upstream-of-" + name)
                .baseUrl(baseUrl)
                .models(String.join(",", PER_CALL, BY_RATIO, UNPRICED))
                .group("default")
                .priority(priority);
        return channel(channel);
    }

    /** Any channel; the id. */
    long channel(ChannelChange channel) {
        return with(stores -> stores.channels().create(channel));
    }

    /** Changes options that the node reads when it starts. */
    void options(Map<String, String> options) {
        with(stores -> {
            stores.options().put(options);
            return options;
        });
    }

    private <T> T with(Function<Stores, T> work) {
        try (Database database = shared.map(server -> Database.open(server.location()))
                .orElseGet(() -> Database.open(DatabaseConfig.of(SqliteLocation.of(database()))))) {
            Schema.create(database);
            return work.apply(Stores.of(database, InstantSource.system()));
        }
    }
}
