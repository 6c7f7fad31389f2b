package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetupStoreTest {

    @TempDir
    Path directory;

    private TestDatabase test;
    private SetupStore setup;

    /** All tables, at first without any rows. */
    TestDatabase database(RandomText random) {
        return TestDatabase.create(directory, random);
    }

    @BeforeEach
    void open() {
        test = database(RandomText.secure());
        setup = test.stores.setup();
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void aNewDatabaseIsNotSetUp() {
        assertThat(setup.status()).isEqualTo(new SetupStatus(false, false));
    }

    @Test
    void theSetUpMakesRootAndStoresItsOptions() {
        SetupOutcome outcome = setup.run(request("root"));

        UserRow root = ((SetupOutcome.Done) outcome).root();
        assertThat(root.role()).isEqualTo(100);
        assertThat(root.quota()).isEqualTo(100_000_000);
        assertThat(root.displayName()).isEqualTo("Root User");
        assertThat(root.passwordHash()).isEqualTo("hash");
        assertThat(setup.status()).isEqualTo(new SetupStatus(true, true));
        assertThat(test.stores.options().all())
                .containsEntry("SelfUseModeEnabled", "true")
                .containsEntry("DemoSiteEnabled", "false")
                .containsEntry("RetryTimes", "2");
        assertThat(test.query("select id, version, initialized_at from setups"))
                .containsExactly("1|1.0|" + TestDatabase.NOW_SECONDS);
    }

    @Test
    void aSecondSetUpIsRefused() {
        setup.run(request("root"));

        assertThat(setup.run(request("intruder"))).isInstanceOf(SetupOutcome.AlreadyDone.class);
        assertThat(test.stores.users().byLogin("intruder")).isEmpty();
    }

    @Test
    void ofSimultaneousSetUpsOneSucceeds() throws Exception {
        CyclicBarrier together = new CyclicBarrier(4);
        ExecutorService workers = Executors.newFixedThreadPool(4);
        List<Future<SetupOutcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "root" + i;
            outcomes.add(workers.submit(() -> {
                together.await();
                return setup.run(request(name));
            }));
        }
        workers.shutdown();
        int done = 0;
        for (Future<SetupOutcome> outcome : outcomes) {
            done += outcome.get() instanceof SetupOutcome.Done ? 1 : 0;
        }

        assertThat(done).isEqualTo(1);
        assertThat(test.query("select count(*) from users where role = 100")).containsExactly("1");
    }

    @Test
    void aDatabaseWithARootUserCountsAsSetUpAndIsMarked() {
        test.stores.users().create(NewUser.of("old-root", "hash", "", 100, 0), 0);

        assertThat(setup.status()).isEqualTo(new SetupStatus(true, true));
        assertThat(setup.run(request("intruder"))).isInstanceOf(SetupOutcome.AlreadyDone.class);
        assertThat(test.query("select * from setups")).isEmpty();
        setup.adopt("2.0");
        setup.adopt("3.0");
        assertThat(test.query("select version from setups")).containsExactly("2.0");
    }

    @Test
    void aTakenNameLeavesTheSystemOpenForAnotherTry() {
        long id = test.user("root", 0);
        test.stores.users().softDelete(id);

        assertThat(setup.run(request("root"))).isEqualTo(new SetupOutcome.NameTaken("root"));
        assertThat(setup.status().done()).isFalse();
        assertThat(setup.run(request("root2"))).isInstanceOf(SetupOutcome.Done.class);
    }

    @Test
    void aDatabaseWithoutRootIsNotMarked() {
        setup.adopt("1.0");

        assertThat(setup.status().done()).isFalse();
    }

    private static SetupRequest request(String name) {
        return new SetupRequest(name, "hash", true, false, "1.0");
    }
}
