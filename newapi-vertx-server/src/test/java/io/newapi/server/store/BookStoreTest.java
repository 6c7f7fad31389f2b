package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.store.BookDifference.Figure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every unit is somewhere, and all tables tell of the same charges; if not, the books say where. */
class BookStoreTest {

    @TempDir
    Path directory;

    private TestDatabase test;
    private BookStore books;
    private long user;

    /** All tables, at first without any rows. */
    TestDatabase database(RandomText random) {
        return TestDatabase.create(directory, random);
    }

    @BeforeEach
    void aUserWithAThousand() {
        test = database(RandomText.secure());
        books = test.stores.books();
        user = test.user("someone", 1_000);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private List<BookDifference> audit(BookKind kind) {
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
    private void charge(long units, boolean logged, boolean counted) {
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
            BookStore.unlogged(context, BookKind.USER, user, 300);
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
}
