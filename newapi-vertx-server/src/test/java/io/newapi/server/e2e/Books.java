package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads a node's database file as an auditor would, past the node. */
final class Books {

    private final Path file;

    Books(Path directory) {
        this.file = directory.resolve("one-api.db");
    }

    /** One number of one row. */
    long number(String sql) {
        return query(sql, row -> row.getLong(1)).get(0);
    }

    List<String> texts(String sql) {
        return query(sql, row -> row.getString(1));
    }

    /** What was ever granted to the users: opening balances, credits and corrections. */
    long granted() {
        return number("select coalesce(sum(amount), 0) from newapi_credits where kind = 1");
    }

    /** What users have left, with what the node holds of it. */
    long left() {
        return number("select coalesce(sum(quota), 0) from users")
                + number("select coalesce(sum(held), 0) from newapi_leases where kind = 1");
    }

    long charged() {
        return number("select coalesce(sum(quota), 0) from logs where type = 2");
    }

    long calls() {
        return number("select count(*) from logs where type = 2");
    }

    /** Every sum that is kept of the same charges says the same, and nothing is left over. */
    void balance() {
        assertThat(granted()).as("granted = left + charged").isEqualTo(left() + charged());
        assertThat(number("select coalesce(sum(used_quota), 0) from users"))
                .as("users")
                .isEqualTo(charged());
        assertThat(number("select coalesce(sum(used_quota), 0) from tokens"))
                .as("tokens")
                .isEqualTo(charged());
        assertThat(number("select coalesce(sum(used_quota), 0) from channels"))
                .as("channels")
                .isEqualTo(charged());
        assertThat(number("select coalesce(sum(quota), 0) from quota_data"))
                .as("hourly figures")
                .isEqualTo(charged());
        assertThat(number("select count(distinct request_id) from logs where type = 2"))
                .as("one row for each call")
                .isEqualTo(calls());
        assertThat(number("select count(*) from newapi_ledger_suspense"))
                .as("suspense")
                .isZero();
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, Reading<T> reading) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(reading.of(rows));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read " + file + ": " + sql, e);
        }
    }
}
