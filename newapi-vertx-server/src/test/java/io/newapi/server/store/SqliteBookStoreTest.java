package io.newapi.server.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteBookStoreTest extends BookStoreSuite {

    @TempDir
    Path directory;

    @Override
    TestDatabase database() {
        return TestDatabase.create(directory);
    }
}
