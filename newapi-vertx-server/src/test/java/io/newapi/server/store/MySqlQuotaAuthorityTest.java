package io.newapi.server.store;

import io.newapi.server.testing.MariaDb;
import org.junit.jupiter.api.BeforeAll;

class MySqlQuotaAuthorityTest extends SqlQuotaAuthoritySuite {

    private static MySqlTestDatabase shared;

    @BeforeAll
    static void createShared() {
        shared = MySqlTestDatabase.create(MariaDb.orLeaveOut("the ledger on MySQL and MariaDB"));
    }

    static MySqlLocation location() {
        return shared.location();
    }

    @Override
    TestDatabase database() {
        return shared.emptied();
    }

    @Override
    String triggerThatFails(String name, String table) {
        return "create trigger " + name + " before insert on " + table
                + " for each row signal sqlstate '45000' set message_text = 'stop'";
    }
}
