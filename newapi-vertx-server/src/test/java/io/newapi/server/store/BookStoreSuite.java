package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.newapi.server.store.BookDifference.Figure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every unit is somewhere, and all tables tell of the same charges; if not, the books say where. */
abstract class BookStoreSuite {

    TestDatabase test;
    BookStore books;
    long user;

    /** A database with all tables and no rows, which the suite closes. */
    abstract TestDatabase database();

    @BeforeEach
    void aUserWithAThousand() {
        test = database();
        books = test.stores.books();
        user = test.user("someone", 1_000);
    }

    @AfterEach
    void close() {
        test.close();
    }

    final List<BookDifference> audit(BookKind kind) {
        List<BookDifference> all = new ArrayList<>();
        long last = 0;
        do {
            BookStore.Page page = books.check(kind, last, 2);
            all.addAll(page.differences());
            last = page.lastId();
        } while (last != 0);
        return all;
    }

    /** What an exchange does for a charge, in all tables but those that are left out. */
    final void charge(long units, boolean logged, boolean counted) {
        test.execute("update users set quota = quota - " + units + ", used_quota = used_quota + " + units
                + " where id = " + user);
        if (logged) {
            test.execute(
                    "insert into logs (user_id, type, quota, created_at) values (" + user + ", 2, " + units + ", 5)");
        }
        if (counted) {
            test.execute("insert into quota_data (user_id, quota, created_at) values (" + user + ", " + units + ", 0)");
        }
    }

    @Test
    void booksInWhichEverythingIsSomewhereAreClean() {
        charge(300, true, true);
        test.lease("w1", AccountKind.USER, user, 200);
        test.execute("update users set quota = quota - 200 where id = " + user);
        test.stores.balances().credit(AccountKind.USER, user, 50, 0, "gift");
        test.stores.balances().setTotal(AccountKind.USER, user, 10, 0, "edited");

        assertThat(audit(BookKind.USER)).isEmpty();
    }

    @Test
    void quotaThatComesFromNowhereIsSaidWithTheTimeWhenTheBooksWereLastClean() {
        assertThat(audit(BookKind.USER)).isEmpty();
        test.execute("update users set quota = quota + 7 where id = " + user);

        assertThat(audit(BookKind.USER))
                .containsExactly(new BookDifference(
                        BookKind.USER, user, Figure.BALANCE, 1_000, 1_007, TestDatabase.NOW_SECONDS));
    }

    @Test
    void aChargeWithoutARowIsADifferenceUnlessItIsKnown() {
        charge(300, false, true);

        assertThat(audit(BookKind.USER))
                .containsExactly(
                        new BookDifference(BookKind.USER, user, Figure.LOGS, 300, 0, TestDatabase.NOW_SECONDS));

        test.database.write(context -> {
            test.unlogged(context, user, 300);
            return context;
        });
        assertThat(audit(BookKind.USER)).isEmpty();
    }

    @Test
    void aChargeThatTheHourlyFiguresDoNotHaveIsADifference() {
        charge(300, true, false);

        assertThat(audit(BookKind.USER)).extracting(BookDifference::what).containsExactly(Figure.HOURLY);
    }

    @Test
    void deletedLogRowsLeaveTheBooksClean() {
        charge(300, true, true);
        charge(20, true, true);

        assertThat(test.stores.logs().deleteOlderThan(6)).isEqualTo(2);

        assertThat(audit(BookKind.USER)).isEmpty();
    }

    @Test
    void anAccountOfAForeignProgramIsTakenAsItIsAndWatchedFromThere() {
        test.execute(
                "insert into users (id, username, password, quota, used_quota) values (77, 'foreign', 'x', 5, 60)");
        assertThat(audit(BookKind.USER)).isEmpty();

        test.execute("update users set quota = quota + 1 where id = 77");

        assertThat(audit(BookKind.USER)).extracting(BookDifference::accountId).containsExactly(77L);
    }

    @Test
    void channelsAndTokensAreComparedWithTheLogsToo() {
        test.execute("insert into channels (id, `key`, used_quota) values (3, 'k', 0)");
        test.execute("insert into tokens (id, user_id, `key`, remain_quota, used_quota) values (4, " + user
                + ", 'k', 10, 0)");
        assertThat(audit(BookKind.CHANNEL)).isEmpty();
        assertThat(audit(BookKind.TOKEN)).isEmpty();

        test.execute("update channels set used_quota = 9");
        test.execute("update tokens set used_quota = 9");

        assertThat(audit(BookKind.CHANNEL)).extracting(BookDifference::what).containsExactly(Figure.LOGS);
        assertThat(audit(BookKind.TOKEN)).extracting(BookDifference::what).containsExactly(Figure.BALANCE, Figure.LOGS);
    }

    @Test
    void manyAccountsAreReadPageByPage() {
        for (int i = 0; i < 5; i++) {
            test.user("user" + i, i);
        }

        assertThat(audit(BookKind.USER)).isEmpty();
        assertThat(books.check(BookKind.USER, 0, 100).checked()).isEqualTo(6);
    }

    @Test
    void aNewChannelIsWatchedFromItsCreation() {
        long channel = test.stores
                .channels()
                .create(ChannelChange.none().type(1).name("c").key("k").models("m"));
        test.execute("update channels set used_quota = 9 where id = " + channel);

        assertThat(audit(BookKind.CHANNEL)).extracting(BookDifference::units).containsExactly(-9L);
    }

    @Test
    void whatBecomesOfAnAccountBetweenItsFirstTwoLooksIsNoDifference() {
        test.execute(
                "insert into users (id, username, password, quota, used_quota) values (77, 'foreign', 'x', 5, 60)");
        test.execute("insert into logs (user_id, type, quota, created_at) values (77, 2, 40, 5)");
        assertThat(books.check(BookKind.USER, 0, 100).opened()).isEqualTo(1);

        test.stores.balances().credit(AccountKind.USER, 77, 30, 0, "gift");
        assertThat(test.stores.logs().deleteOlderThan(6)).isEqualTo(1);

        assertThat(audit(BookKind.USER)).isEmpty();
    }

    @Test
    void booksThatSomebodyHasOpenedAndLeftAreMeasuredByTheNextAudit() {
        test.execute(
                "insert into users (id, username, password, quota, used_quota) values (77, 'foreign', 'x', 5, 60)");
        test.execute("insert into newapi_books (kind, account_id, opened, unlogged, uncounted, opened_at, clean_at)"
                + " values (1, 77, 0, 0, 0, 1, 0)");
        // what was noted since stays noted: the row of a charge of 7 is gone
        test.database.write(context -> {
            test.unlogged(context, 77, 7);
            return context;
        });

        assertThat(books.check(BookKind.USER, 0, 100).opened()).isEqualTo(1);

        assertThat(audit(BookKind.USER)).isEmpty();
        assertThat(test.query("select opened, unlogged, uncounted from newapi_books where account_id = 77"))
                .containsExactly("65|60|60");
    }

    @Test
    void accountsThatDifferAreLookedAtAgainAlone() {
        long other = test.user("other", 5);
        assertThat(audit(BookKind.USER)).isEmpty();
        test.execute("update users set quota = quota + 7 where id in (" + user + ", " + other + ")");

        assertThat(books.again(BookKind.USER, List.of(other, 12_345L)))
                .extracting(BookDifference::accountId, BookDifference::units, BookDifference::cause)
                .containsExactly(tuple(other, 7L, BookDifference.Cause.FOREIGN_CHANGE));
    }

    @Test
    void whatIsInSuspenseIsListedOldestFirst() {
        for (int i = 1; i <= 3; i++) {
            test.execute("insert into newapi_ledger_suspense (writer_id, kind, account_id, amount, reason, created_at)"
                    + " values ('w', 2, " + i + ", -5, 'the token does not exist', 9)");
        }

        BookStore.SuspensePage page = books.suspense(2);

        assertThat(page.total()).isEqualTo(3);
        assertThat(page.rows())
                .containsExactly(
                        new SuspenseRow("w", BookKind.TOKEN, 1, -5, "the token does not exist", 9),
                        new SuspenseRow("w", BookKind.TOKEN, 2, -5, "the token does not exist", 9));
    }
}
