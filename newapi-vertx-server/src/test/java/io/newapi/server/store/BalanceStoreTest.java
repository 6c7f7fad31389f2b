package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BalanceStoreTest {

    @TempDir
    Path directory;

    private TestDatabase test;
    private BalanceStore balances;
    private long user;

    /** All tables, at first without any rows. */
    TestDatabase database(RandomText random) {
        return TestDatabase.create(directory, random);
    }

    @BeforeEach
    void open() {
        test = database(RandomText.secure());
        balances = test.stores.balances();
        user = test.user("ann", 100);
        test.execute("delete from newapi_credits");
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void theTotalCountsWhatEveryNodeHolds() {
        test.lease("w1", AccountKind.USER, user, 30);
        test.lease("w2", AccountKind.USER, user, 12);
        test.lease("w2", AccountKind.TOKEN, user, 1_000);
        test.lease("w2", AccountKind.USER, user + 1, 1_000);

        assertThat(balances.balance(AccountKind.USER, user)).contains(new Balance(100, 42));
        assertThat(balances.balance(AccountKind.USER, user).orElseThrow().total())
                .isEqualTo(142);
        assertThat(balances.balance(AccountKind.USER, 99)).isEmpty();
        assertThat(balances.balance(AccountKind.TOKEN, 99)).isEmpty();
    }

    @Test
    void settingATotalMovesOnlyTheDifference() {
        test.lease("w1", AccountKind.USER, user, 30);

        BalanceChange change =
                balances.setTotal(AccountKind.USER, user, 500, 7, "gift").orElseThrow();

        assertThat(change).isEqualTo(new BalanceChange(130, 500, false));
        assertThat(change.amount()).isEqualTo(370);
        assertThat(balances.balance(AccountKind.USER, user)).contains(new Balance(470, 30));
        assertThat(credits()).containsExactly("1|" + user + "|370|gift|7|" + TestDatabase.NOW_SECONDS);
    }

    @Test
    void aColumnBelowZeroRecallsTheLeases() {
        test.lease("w1", AccountKind.USER, user, 30);
        test.lease("w2", AccountKind.USER, user, 0);
        test.lease("w1", AccountKind.USER, user + 1, 30);

        BalanceChange change =
                balances.setTotal(AccountKind.USER, user, 10, 7, "").orElseThrow();

        assertThat(change).isEqualTo(new BalanceChange(130, 10, true));
        assertThat(test.query("select writer_id, account_id, recall from newapi_leases order by account_id, writer_id"))
                .containsExactly("w1|" + user + "|1", "w2|" + user + "|0", "w1|" + (user + 1) + "|0");
    }

    @Test
    void aCreditIsAddedAndADebitTaken() {
        assertThat(balances.credit(AccountKind.USER, user, 50, 0, "code")
                        .orElseThrow()
                        .after())
                .isEqualTo(150);
        assertThat(balances.credit(AccountKind.USER, user, -200, 0, "fine").orElseThrow())
                .isEqualTo(new BalanceChange(150, -50, false));

        assertThat(credits()).hasSize(2);
    }

    @Test
    void settingTheTotalThatIsThereWritesNothing() {
        assertThat(balances.setTotal(AccountKind.USER, user, 100, 7, "")
                        .orElseThrow()
                        .amount())
                .isZero();

        assertThat(credits()).isEmpty();
    }

    @Test
    void anAccountThatDoesNotExistIsNotCredited() {
        assertThat(balances.credit(AccountKind.USER, 99, 5, 0, "")).isEmpty();
        assertThat(balances.setTotal(AccountKind.TOKEN, 99, 5, 0, "")).isEmpty();

        assertThat(credits()).isEmpty();
    }

    @Test
    void aBalanceOfNullCountsAsZero() {
        test.execute("update users set quota = null");

        assertThat(balances.credit(AccountKind.USER, user, 5, 0, "").orElseThrow())
                .isEqualTo(new BalanceChange(0, 5, false));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> balances.credit(AccountKind.USER, user, Long.MAX_VALUE, 0, ""));

        assertThat(balances.balance(AccountKind.USER, user)).contains(new Balance(100, 0));
        assertThat(credits()).isEmpty();
    }

    private List<String> credits() {
        return test.query("select kind, account_id, amount, reason, credited_by, created_at from newapi_credits");
    }
}
