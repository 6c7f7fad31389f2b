package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLogFollowerTest extends SqlLogFollowerSuite {

    @TempDir
    Path directory;

    @Override
    TestDatabase database() {
        Database database = TestDatabase.open(directory.resolve("logs.db"));
        Schema.createLogs(database);
        return TestDatabase.of(database);
    }

    @Override
    String triggerThatFails(String name) {
        return "create trigger " + name + " before insert on logs begin select raise(abort, 'stop'); end";
    }

    @Override
    String triggerThatKeepsPositions(String name) {
        return "create trigger " + name + " before update on newapi_log_positions"
                + " when old.applied_pos <> new.applied_pos begin select raise(abort, 'stop'); end";
    }

    @Test
    void theDatabaseHasNothingButLogs() {
        assertThat(logs.query("select name from sqlite_master where type = 'table' order by name"))
                .containsExactly("logs", "newapi_log_positions", "newapi_removed_logs");
        assertThat(logs.query("select count(*) from sqlite_master where type = 'index' and tbl_name = 'logs'"))
                .containsExactly("14");
    }
}
