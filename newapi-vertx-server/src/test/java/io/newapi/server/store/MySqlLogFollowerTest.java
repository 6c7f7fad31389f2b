package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.testing.MariaDb;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MySqlLogFollowerTest extends SqlLogFollowerSuite {

    private static MySqlTestDatabase shared;

    @BeforeAll
    static void createShared() {
        shared = MySqlTestDatabase.createForLogs(MariaDb.orLeaveOut("log rows in a database of MySQL or MariaDB"));
    }

    @Override
    TestDatabase database() {
        return shared.emptied();
    }

    @Override
    String triggerThatFails(String name) {
        return "create trigger " + name
                + " before insert on logs for each row signal sqlstate '45000' set message_text = 'stop'";
    }

    @Override
    String triggerThatKeepsPositions(String name) {
        return "create trigger " + name + " before update on newapi_log_positions for each row"
                + " if old.applied_pos <> new.applied_pos then"
                + " signal sqlstate '45000' set message_text = 'stop'; end if";
    }

    @Test
    void aRowThatDoesNotFitIsGivenUpAndHoldsUpNoOther() {
        journal().append(LoggedCall.of("r0", 1));
        journal().append(LoggedCall.of("r1", 1, "a name of 191 characters ".repeat(8), true));
        journal().append(LoggedCall.of("r2", 1));

        assertThat(follow()).isEqualTo(3);

        assertThat(logs.query("select request_id from logs order by id")).containsExactly("r0", "r2");
    }
}
