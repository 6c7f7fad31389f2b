package io.newapi.server.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteQuotaAuthorityTest extends SqlQuotaAuthoritySuite {

    @TempDir
    Path directory;

    @Override
    TestDatabase database() {
        return TestDatabase.create(directory);
    }

    @Override
    String triggerThatFails(String name, String table) {
        return "create trigger " + name + " before insert on " + table + " begin select raise(abort, 'stop'); end";
    }
}
