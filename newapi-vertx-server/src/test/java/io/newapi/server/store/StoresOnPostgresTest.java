package io.newapi.server.store;

import io.newapi.server.testing.PostgreSql;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** What the stores promise on SQLite they keep on PostgreSQL. */
class StoresOnPostgresTest {

    private static PostgresTestDatabase shared;

    @BeforeAll
    static void createShared() {
        shared = PostgresTestDatabase.create(PostgreSql.orLeaveOut("the stores on PostgreSQL"));
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
            return PostgresTestDatabase.trigger(
                    "refuse",
                    "insert on channels",
                    "if new.name = '" + name + "' then raise exception 'refused' using errcode = '23505'; end if");
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
        TestDatabase database(RandomText random) {
            return shared.opened(random);
        }
    }
}
