package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserStoreTest {

    @TempDir
    Path directory;

    private TestDatabase test;
    private UserStore users;

    /** Whether the database takes names for the same that differ in case, and lets only one of them be. */
    boolean namesIgnoreCase() {
        return false;
    }

    /** All tables, at first without any rows. */
    TestDatabase database(RandomText random) {
        return TestDatabase.create(directory, random);
    }

    @BeforeEach
    void open() {
        test = database(RandomText.secure());
        users = test.stores.users();
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void aNewUserHasTheDefaultsOfTheOriginalAndACodeOfHisOwn() {
        UserRow user = create("ann", 500);

        assertThat(user.role()).isEqualTo(1);
        assertThat(user.status()).isEqualTo(1);
        assertThat(user.group()).isEqualTo("default");
        assertThat(user.quota()).isEqualTo(500);
        assertThat(user.affCode()).matches("[0-9a-zA-Z]{8}");
        assertThat(user.deletedAt()).isEmpty();
        assertThat(test.query("select kind, account_id, amount, credited_by from newapi_credits"))
                .containsExactly("1|" + user.id() + "|500|0");
    }

    @Test
    void rootsWhoAreEnabledAreFound() {
        create("ann", 0);
        UserStore users = test.stores.users();
        long disabled =
                saved(users.create(NewUser.of("disabled", "", "", 100, 0), 0)).id();
        long deleted =
                saved(users.create(NewUser.of("deleted", "", "", 100, 0), 0)).id();
        long root = saved(users.create(NewUser.of("root", "", "", 100, 0), 0)).id();
        users.setStatus(disabled, 2);
        users.softDelete(deleted);

        assertThat(users.enabledRoots()).extracting(UserRow::id).containsExactly(root);
    }

    @Test
    void anInvitationCodeThatIsTakenIsReplacedByAnother() {
        test.close();
        // The first code is all '0'; the second user gets it too, and then another.
        TestDatabase scripted = database(new RandomText(new Repeating(8 + 8)));
        try {
            UserStore store = scripted.stores.users();
            UserOutcome first = store.create(NewUser.of("one", "", "", 1, 0), 0);
            UserOutcome second = store.create(NewUser.of("two", "", "", 1, 0), 0);

            assertThat(((UserOutcome.Saved) first).user().affCode()).isEqualTo("00000000");
            assertThat(((UserOutcome.Saved) second).user().affCode()).isEqualTo("11111111");
        } finally {
            scripted.close();
        }
    }

    @Test
    void aGeneratorWithoutFreeCodesEndsInAnError() {
        test.close();
        TestDatabase scripted = database(new RandomText(new Repeating(Integer.MAX_VALUE)));
        try {
            scripted.user("one", 0);

            assertThatExceptionOfType(DatabaseException.class)
                    .isThrownBy(() -> scripted.user("two", 0))
                    .withMessageContaining("invitation code");
        } finally {
            scripted.close();
        }
    }

    @Test
    void aNameIsTakenEvenByADeletedUser() {
        long id = create("ann", 0).id();
        assertThat(users.softDelete(id)).isTrue();

        assertThat(users.usernameTaken("ann")).isTrue();
        assertThat(users.create(NewUser.of("ann", "", "", 1, 0), 0)).isEqualTo(new UserOutcome.NameTaken("ann"));
    }

    @Test
    void aLoginNameIsTheUserNameOrTheAddress() {
        long ann = create("ann", 0).id();
        long bob = create("bob", 0).id();
        users.update(bob, UserChange.none().email("bob@example.org"), 0);
        users.update(ann, UserChange.none().email("bob"), 0);

        assertThat(users.byLogin("bob@example.org").orElseThrow().id()).isEqualTo(bob);
        assertThat(users.byLogin("bob").orElseThrow().id())
                .as("the name goes first")
                .isEqualTo(bob);
        assertThat(users.byLogin("BOB").isPresent()).isEqualTo(namesIgnoreCase());
        assertThat(users.byLogin(""))
                .as("users without an address are not meant")
                .isEmpty();
    }

    @Test
    void anAccessTokenMustMatchByteForByte() {
        long ann = create("ann", 0).id();
        long bob = create("bob", 0).id();

        assertThat(users.setAccessToken(ann, "abcABC+/=")).isTrue();
        assertThat(users.setAccessToken(bob, "abcABC+/=")).as("in use").isFalse();
        assertThat(users.byAccessToken("abcABC+/=").orElseThrow().id()).isEqualTo(ann);
        assertThat(users.byAccessToken("ABCabc+/=")).isEmpty();
        assertThat(users.byAccessToken("")).isEmpty();
        assertThat(users.setAccessToken(ann, null)).isTrue();
        assertThat(users.byAccessToken("abcABC+/=")).isEmpty();
    }

    @Test
    void aChangeWritesOnlyTheColumnsItNames() {
        UserRow before = create("ann", 100);
        test.execute("update users set quota = quota - 40, used_quota = 40, request_count = 2, setting = '{\"x\":1}'");

        UserRow after = saved(
                users.update(before.id(), UserChange.none().remark("friend").group(""), 0));

        assertThat(after.remark()).isEqualTo("friend");
        assertThat(after.group()).isEqualTo("default");
        assertThat(after.quota()).isEqualTo(60);
        assertThat(after.usedQuota()).isEqualTo(40);
        assertThat(after.requestCount()).isEqualTo(2);
        assertThat(after.setting()).isEqualTo("{\"x\":1}");
        assertThat(users.authVersion(before.id()))
                .as("nothing about access was changed")
                .isEqualTo(1);
    }

    @Test
    void aNameOfAnotherUserIsRefusedAndNothingElseIsWritten() {
        create("ann", 0);
        long bob = create("bob", 0).id();

        UserOutcome outcome =
                users.update(bob, UserChange.none().username("ann").remark("x"), 0);

        assertThat(outcome).isEqualTo(new UserOutcome.NameTaken("ann"));
        assertThat(users.byId(bob).orElseThrow().remark()).isEmpty();
    }

    @Test
    void aUserWhoDoesNotExistCannotBeChanged() {
        assertThat(users.update(77, UserChange.none().remark("x"), 0)).isEqualTo(new UserOutcome.NoSuchUser(77));
        assertThat(users.setStatus(77, 2)).isFalse();
        assertThat(users.softDelete(77)).isFalse();
        assertThat(users.setAccessToken(77, "token")).isFalse();
    }

    @Test
    void theQuotaIsSetAsATotalWithWhatNodesHold() {
        long id = create("ann", 1_000).id();
        test.execute("update users set quota = 400");
        test.lease("w1", AccountKind.USER, id, 600);

        UserRow after = saved(users.update(id, UserChange.none().quota(700), 9));

        assertThat(after.quota()).isEqualTo(700);
        assertThat(after.balance()).isEqualTo(100);
        assertThat(after.leased()).isEqualTo(600);
        assertThat(test.query("select amount, credited_by from newapi_credits where amount < 0"))
                .containsExactly("-300|9");
    }

    @Test
    void whatConcernsAccessEndsTheLogins() {
        long id = create("ann", 0).id();

        assertThat(users.authVersion(id)).isEqualTo(1);
        users.setPassword(id, "other");
        assertThat(users.authVersion(id)).isEqualTo(2);
        users.setRole(id, 10);
        users.setStatus(id, 2);
        assertThat(users.authVersion(id)).isEqualTo(4);
        assertThat(users.bumpAuthVersion(id)).isEqualTo(5);
        users.softDelete(id);
        assertThat(users.authVersion(id)).isEqualTo(6);
    }

    @Test
    void deletingMarksTheUserAndHisTokens() {
        long id = create("ann", 5).id();
        TokenRow token =
                ((TokenOutcome.Created) test.stores.tokens().create(NewToken.unlimited(id, "t"), 10, 0)).token();

        assertThat(users.softDelete(id)).isTrue();

        assertThat(users.byId(id)).isEmpty();
        assertThat(users.byIdWithDeleted(id).orElseThrow().deletedAt()).contains(TestDatabase.NOW);
        assertThat(test.stores.tokens().byKey(token.key())).isEmpty();
        assertThat(users.softDelete(id)).as("only once").isFalse();
    }

    @Test
    void aRowIsRemovedOnlyWhenNoNodeHoldsAPartOfTheBalance() {
        long id = create("ann", 5).id();
        test.lease("w1", AccountKind.USER, id, 3);

        assertThat(users.hardDelete(id)).isFalse();
        assertThat(users.byId(id)).as("deleted all the same").isEmpty();
        assertThat(test.query("select recall from newapi_leases")).containsExactly("1");

        test.execute("delete from newapi_leases");
        assertThat(users.hardDelete(id)).isTrue();
        assertThat(users.byIdWithDeleted(id)).isEmpty();
    }

    @Test
    void theIdOfARemovedUserIsNeverGivenToAnother() {
        create("ann", 5);
        long bob = create("bob", 5).id();
        test.execute("insert into two_fas (user_id, secret) values (" + bob + ", 's')");
        test.execute("insert into two_fa_backup_codes (user_id, code_hash) values (" + bob + ", 'h')");
        test.execute(
                "insert into passkey_credentials (user_id, credential_id, public_key) values (" + bob + ", 'c', 'p')");

        assertThat(users.hardDelete(bob)).isTrue();

        assertThat(create("carl", 5).id()).isGreaterThan(bob);
        for (String table : List.of("two_fas", "two_fa_backup_codes", "passkey_credentials")) {
            assertThat(test.query("select count(*) from " + table)).as(table).containsExactly("0");
        }
    }

    @Test
    void notEvenIfTheOriginalHadMarkedHimAsDeleted() {
        create("ann", 5);
        long bob = create("bob", 5).id();
        test.execute("update users set deleted_at = '2025-01-01 00:00:00' where id = " + bob);

        assertThat(users.hardDelete(bob)).isTrue();

        assertThat(create("carl", 5).id()).isGreaterThan(bob);
    }

    @Test
    void pagesShowTheNewestFirstWithDeletedOnes() {
        for (int i = 1; i <= 5; i++) {
            create("user" + i, 0);
        }
        users.softDelete(5);

        Page<UserRow> second = users.page(new PageRequest(2, 2));

        assertThat(second.total()).isEqualTo(5);
        assertThat(second.items()).extracting(UserRow::username).containsExactly("user3", "user2");
        assertThat(users.page(PageRequest.first()).items().get(0).deletedAt()).isPresent();
        assertThat(users.page(new PageRequest(9, 2)).items()).isEmpty();
    }

    @Test
    void aSearchTakesWildcardsLiterally() {
        create("plain", 0);
        create("100%", 0);
        create("a_b", 0);
        create("acb", 0);

        assertThat(names(users.search("%", "", PageRequest.first()))).containsExactly("100%");
        assertThat(names(users.search("a_b", "", PageRequest.first()))).containsExactly("a_b");
        assertThat(names(users.search("LAI", "", PageRequest.first()))).containsExactly("plain");
    }

    @Test
    void aSearchFindsIdsAndGroups() {
        create("ann", 0);
        long bob = create("bob", 0).id();
        users.update(bob, UserChange.none().group("vip"), 0);

        assertThat(names(users.search(Long.toString(bob), "", PageRequest.first())))
                .containsExactly("bob");
        assertThat(names(users.search("", "vip", PageRequest.first()))).containsExactly("bob");
        assertThat(names(users.search("ann", "vip", PageRequest.first()))).isEmpty();
        assertThat(names(users.search("", "", PageRequest.first()))).containsExactly("bob", "ann");
    }

    @Test
    void secretsStayOutOfText() {
        UserRow row = saved(users.create(NewUser.of("ann", "bcrypt-hash", "", 1, 0), 0));

        assertThat(row.passwordHash()).isEqualTo("bcrypt-hash");
        assertThat(row.toString()).doesNotContain("bcrypt-hash");
        assertThat(UserChange.none().passwordHash("bcrypt-hash").toString()).doesNotContain("bcrypt-hash");
        assertThat(NewUser.of("ann", "bcrypt-hash", "", 1, 0).toString()).doesNotContain("bcrypt-hash");
    }

    private UserRow create(String name, long quota) {
        return saved(users.create(NewUser.of(name, "hash", name, 1, quota), 0));
    }

    private static UserRow saved(UserOutcome outcome) {
        return ((UserOutcome.Saved) outcome).user();
    }

    private static List<String> names(Page<UserRow> page) {
        return page.items().stream().map(UserRow::username).toList();
    }

    /** Gives 0 for a number of draws, and then 1. */
    private static final class Repeating implements RandomGenerator {
        private int zeros;

        Repeating(int zeros) {
            this.zeros = zeros;
        }

        @Override
        public int nextInt(int bound) {
            return zeros-- > 0 ? 0 : 1;
        }

        @Override
        public long nextLong() {
            return 0;
        }
    }
}
