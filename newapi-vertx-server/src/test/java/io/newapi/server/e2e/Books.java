package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What the database file says of money at one moment, read without any code of the node. */
final class Books {

    /**
     * A balance.
     *
     * @param left what may still be spent, without what a node holds of it
     * @param leased what nodes hold of it
     * @param used what was charged
     */
    record Balance(long left, long leased, long used) {}

    private final DataDirectory directory;
    private final Map<Long, Balance> users = new HashMap<>();
    private final Map<Long, Balance> tokens = new HashMap<>();
    private final Map<Long, Long> channels = new HashMap<>();
    private final List<Charged> charges = new ArrayList<>();
    private final List<String> suspense = new ArrayList<>();

    private Books(DataDirectory directory) {
        this.directory = directory;
    }

    /** Reads everything in one transaction, and the logs in another, where they have a database of their own. */
    static Books read(DataDirectory directory) {
        Books books = new Books(directory);
        try (Connection connection = directory.connect();
                Statement statement = connection.createStatement();
                Connection logs = directory.connectToLogs();
                Statement ofLogs = logs.createStatement()) {
            connection.setAutoCommit(false);
            books.readFrom(statement);
            books.readLogs(directory.hasLogsApart() ? ofLogs : statement);
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the books of " + directory.path(), e);
        }
        return books;
    }

    private void readFrom(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select id, quota, used_quota,"
                + " (select coalesce(sum(held), 0) from newapi_leases where kind = 1 and account_id = users.id)"
                + " from users")) {
            while (row.next()) {
                users.put(row.getLong(1), new Balance(row.getLong(2), row.getLong(4), row.getLong(3)));
            }
        }
        try (ResultSet row = statement.executeQuery("select id, remain_quota, used_quota,"
                + " (select coalesce(sum(held), 0) from newapi_leases where kind = 2 and account_id = tokens.id)"
                + " from tokens")) {
            while (row.next()) {
                tokens.put(row.getLong(1), new Balance(row.getLong(2), row.getLong(4), row.getLong(3)));
            }
        }
        try (ResultSet row = statement.executeQuery("select id, used_quota from channels")) {
            while (row.next()) {
                channels.put(row.getLong(1), row.getLong(2));
            }
        }
        try (ResultSet row = statement.executeQuery(
                "select writer_id, kind, account_id, amount, reason" + " from newapi_ledger_suspense")) {
            while (row.next()) {
                suspense.add(row.getString(1) + " " + row.getString(2) + " " + row.getString(3) + " " + row.getString(4)
                        + " " + row.getString(5));
            }
        }
    }

    private void readLogs(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select request_id, user_id, token_id, channel_id, model_name,"
                + " quota, prompt_tokens, completion_tokens, is_stream, content, other from logs where type = 2"
                + " order by id")) {
            while (row.next()) {
                charges.add(new Charged(
                        row.getString(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getString(5),
                        row.getLong(6),
                        row.getLong(7),
                        row.getLong(8),
                        row.getBoolean(9),
                        row.getString(10),
                        new JsonObject(row.getString(11))));
            }
        }
    }

    Balance user(long id) {
        return users.getOrDefault(id, new Balance(0, 0, 0));
    }

    Balance token(Key key) {
        return tokens.getOrDefault(key.tokenId(), new Balance(0, 0, 0));
    }

    /** What was charged for calls that this channel served. */
    long channelUsed(long id) {
        return channels.getOrDefault(id, 0L);
    }

    /** All consume rows, oldest first. */
    List<Charged> charges() {
        return charges;
    }

    /** The consume rows of one token. */
    List<Charged> charges(Key key) {
        return charges.stream()
                .filter(charge -> charge.tokenId() == key.tokenId())
                .toList();
    }

    /** The only consume row of a request. */
    Charged charge(String requestId) {
        List<Charged> found = charges.stream()
                .filter(charge -> charge.requestId().equals(requestId))
                .toList();
        assertThat(found).as("log rows of request %s", requestId).hasSize(1);
        return found.get(0);
    }

    /**
     * Whatever was granted is left, leased or used; users, tokens, channels and log rows tell of the same charges, to
     * the unit; no request has two log rows; nothing is in suspense.
     */
    Books agree() {
        users.forEach((id, balance) -> {
            assertThat(balance.left() + balance.leased() + balance.used())
                    .as("user %s was granted; he has %s", id, balance)
                    .isEqualTo(directory.grantedToUser(id));
            assertThat(balance.left()).as("balance of user %s", id).isNotNegative();
        });
        tokens.forEach((id, balance) -> assertThat(balance.left() + balance.leased() + balance.used())
                .as("token %s was granted; it has %s", id, balance)
                .isEqualTo(directory.grantedToToken(id)));
        assertThat(sums(Charged::userId)).as("log rows of users").isEqualTo(nonZero(used(users)));
        assertThat(sums(Charged::tokenId)).as("log rows of tokens").isEqualTo(nonZero(used(tokens)));
        assertThat(sums(Charged::channelId)).as("log rows of channels").isEqualTo(nonZero(channels));
        assertThat(charges.stream().map(Charged::requestId)).doesNotHaveDuplicates();
        assertThat(suspense).as("charges that found no account").isEmpty();
        return this;
    }

    /** No node holds a part of any balance. */
    Books nothingLeased() {
        assertThat(users.values()).as("leases of users").allMatch(balance -> balance.leased() == 0);
        assertThat(tokens.values()).as("leases of tokens").allMatch(balance -> balance.leased() == 0);
        return this;
    }

    private Map<Long, Long> sums(ToLongFunction<Charged> account) {
        return nonZero(
                charges.stream().collect(Collectors.toMap(account::applyAsLong, Charged::quota, Math::addExact)));
    }

    private static Map<Long, Long> used(Map<Long, Balance> balances) {
        return balances.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().used()));
    }

    private static Map<Long, Long> nonZero(Map<Long, Long> amounts) {
        return amounts.entrySet().stream()
                .filter(entry -> entry.getValue() != 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
