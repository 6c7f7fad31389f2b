package io.newapi.server.e2e;

import io.newapi.server.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Plays a node of the original: the statements that it sends to a shared database, each committed by itself, and what it keeps
 * in Redis. Confined to one thread.
 */
final class OriginalNode implements AutoCloseable {

    private final Connection connection;

    OriginalNode(SharedDatabase database) throws SQLException {
        connection = database.connect();
    }

    /** Charges a call: balances, what was used, the channel, a log row and the hour's figure. */
    void charge(long user, Key key, long channel, long units) throws SQLException {
        move(user, key, -units);
        update(
                "UPDATE users SET used_quota = used_quota + ?, request_count = request_count + 1 WHERE id = ?",
                units,
                user);
        update("UPDATE channels SET used_quota = used_quota + ? WHERE id = ?", units, channel);
        update(
                "INSERT INTO logs (user_id, created_at, type, content, username, token_name, model_name, quota,"
                        + " prompt_tokens, completion_tokens, use_time, is_stream, channel_id, token_id, `group`, ip, other)"
                        + " VALUES (?, unix_timestamp(), 2, '', '', '', 'model-by-call', ?, 1, 1, 1, false, ?, ?, 'default',"
                        + " '', '{}')",
                user,
                units,
                channel,
                key.tokenId());
        update(
                "INSERT INTO quota_data (user_id, username, model_name, created_at, token_used, count, quota)"
                        + " VALUES (?, '', 'model-by-call', unix_timestamp() - unix_timestamp() % 3600, 2, 1, ?)",
                user, units);
    }

    /** Charges before a call what it may cost, and gives it back because the call has failed. */
    void chargeAndGiveBack(long user, Key key, long units) throws SQLException {
        move(user, key, -units);
        move(user, key, units);
    }

    private void move(long user, Key key, long units) throws SQLException {
        update(
                "UPDATE tokens SET remain_quota = remain_quota + ?, used_quota = used_quota - ?,"
                        + " accessed_time = unix_timestamp() WHERE id = ? AND deleted_at IS NULL",
                units,
                units,
                key.tokenId());
        update("UPDATE users SET quota = quota + ? WHERE id = ? AND deleted_at IS NULL", units, user);
    }

    private void update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    /** A user's whole row, as the original reads it before it changes a profile. */
    List<Column> read(long user) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM users WHERE id = ?")) {
            statement.setLong(1, user);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                List<Column> columns = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(new Column(row.getMetaData().getColumnName(i), row.getObject(i)));
                }
                return columns;
            }
        }
    }

    /** Writes the whole row back, with the balance that it had when it was read. */
    void save(long user, List<Column> columns) throws SQLException {
        String assignments =
                columns.stream().map(column -> "`" + column.name() + "` = ?").collect(Collectors.joining(", "));
        List<Object> values =
                new ArrayList<>(columns.stream().map(Column::value).toList());
        values.add(user);
        update("UPDATE users SET " + assignments + " WHERE id = ?", values.toArray());
    }

    /** A column of a row. */
    record Column(String name, Object value) {}

    /** Keeps the user and the token in Redis for a minute, as after a call. */
    static void keep(RedisServer redis, String database, long user, Key key, String cryptoSecret) {
        redis.commandIn(database, "HSET", nameOf(user), "Id", Long.toString(user), "Quota", "1", "Status", "1");
        redis.commandIn(database, "EXPIRE", nameOf(user), "60");
        String token = nameOf(key, cryptoSecret);
        redis.commandIn(database, "HSET", token, "Id", Long.toString(key.tokenId()), "Key", "", "Status", "1");
        redis.commandIn(database, "EXPIRE", token, "60");
    }

    /** Under which key of Redis it keeps a user. */
    static String nameOf(long user) {
        return "user:" + user;
    }

    /** Under which key of Redis it keeps a token. */
    static String nameOf(Key key, String cryptoSecret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(cryptoSecret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] hash = mac.doFinal(key.text().substring("sk-".length()).getBytes(StandardCharsets.UTF_8));
            return "token:" + HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
