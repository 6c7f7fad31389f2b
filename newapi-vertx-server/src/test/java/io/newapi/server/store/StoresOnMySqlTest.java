package io.newapi.server.store;

import io.newapi.server.testing.MariaDb;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** What the stores promise on SQLite they keep on MySQL and MariaDB. */
class StoresOnMySqlTest {

    private static MySqlTestDatabase shared;

    @BeforeAll
    static void createShared() {
        shared = MySqlTestDatabase.create(MariaDb.orLeaveOut("the stores on MySQL and MariaDB"));
    }

    @BeforeEach
    void empty() {
        shared.empty();
    }

    @Nested
    class Balances extends BalanceStoreTest {
        @Override
        TestDatabase database(RandomText random) {
            return shared.opened(random);
        }
    }

    @Nested
    class Channels extends ChannelStoreTest {
        @Override
        String triggerThatRefuses(String name) {
            return "create trigger refuse before insert on channels for each row if new.name = '" + name
                    + "' then signal sqlstate '23000' set mysql_errno = 1062, message_text = 'refused'; end if";
        }

        @Override
        TestDatabase database(RandomText random) {
            return shared.opened(random);
        }
    }

    @Nested
    class Cluster extends ClusterStoreTest {
        @Override
        TestDatabase database(RandomText random) {
            return shared.opened(random);
        }
    }

    @Nested
    class Logs extends LogStoreTest {
        @Override
        TestDatabase database(RandomText random) {
            return shared.opened(random);
        }
    }

    @Nested
    class Setup extends SetupStoreTest {
        @Override
        TestDatabase database(RandomText random) {
            return shared.opened(random);
        }
    }

    @Nested
    class Others extends SmallStoresTest {
        @Override
        TestDatabase database(RandomText random) {
            return shared.opened(random);
        }
    }

    @Nested
    class Tokens extends TokenStoreTest {
        @Override
        TestDatabase database(RandomText random) {
            return shared.opened(random);
        }
    }

    @Nested
    class Users extends UserStoreTest {
        @Override
        boolean namesIgnoreCase() {
            return true;
        }

        @Override
        TestDatabase database(RandomText random) {
            return shared.opened(random);
        }
    }
}
