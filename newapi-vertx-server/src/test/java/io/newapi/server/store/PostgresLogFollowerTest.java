package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.testing.PostgreSql;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresLogFollowerTest extends SqlLogFollowerSuite {

    private static PostgresTestDatabase shared;

    @BeforeAll
    static void createShared() {
        shared = PostgresTestDatabase.createForLogs(PostgreSql.orLeaveOut("log rows in a database of PostgreSQL"));
    }

    @Override
    TestDatabase database() {
        return shared.emptied();
    }

    @Override
    String triggerThatFails(String name) {
        return PostgresTestDatabase.trigger(name, "insert on logs", "raise exception 'stop'");
    }

    @Override
    String triggerThatKeepsPositions(String name) {
        return PostgresTestDatabase.trigger(
                name,
                "update on newapi_log_positions",
                "if old.applied_pos <> new.applied_pos then raise exception 'stop'; end if");
    }

    @Test
    void aRowThatDoesNotFitIsGivenUpAndHoldsUpNoOther() {
        logs.execute("alter table logs alter column username type varchar(64)");
        try {
            journal().append(LoggedCall.of("r0", 1));
            journal().append(LoggedCall.of("r1", 1, "a name of 191 characters ".repeat(8), true));
            journal().append(LoggedCall.of("r2", 1));

            assertThat(follow()).isEqualTo(3);

            assertThat(logs.query("select request_id from logs order by id")).containsExactly("r0", "r2");
        } finally {
            logs.execute("alter table logs alter column username type text");
        }
    }

    @Test
    void aCharacterThatTheDatabaseCannotStoreIsReplaced() {
        journal().append(LoggedCall.of("r0", 1, "ada\0", true));

        assertThat(follow()).isEqualTo(1);

        assertThat(logs.query("select username from logs")).containsExactly("ada\uFFFD");
    }
}
