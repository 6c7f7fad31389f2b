package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options, logins, access tokens, the audit, hourly usage. */
class SmallStoresTest {

    private static final long NOW = TestDatabase.NOW_SECONDS;
    private static final String HASH = "ab".repeat(32);

    @TempDir
    Path directory;

    private TestDatabase test;

    /** All tables, at first without any rows. */
    TestDatabase database(RandomText random) {
        return TestDatabase.create(directory, random);
    }

    @BeforeEach
    void open() {
        test = database(RandomText.secure());
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void optionsAreAddedAndReplacedTogether() {
        OptionStore options = test.stores.options();

        options.put(Map.of("RetryTimes", "1", "Notice", "hello"));
        options.put(Map.of("RetryTimes", "2"));

        assertThat(options.all()).containsExactly(Map.entry("Notice", "hello"), Map.entry("RetryTimes", "2"));
        assertThat(options.get("RetryTimes")).contains("2");
        assertThat(options.get("Missing")).isEmpty();
        test.execute("update options set value = null");
        assertThat(options.get("Notice")).contains("");
    }

    @Test
    void aLoginIsValidUntilItExpiresOrIsRevoked() {
        LoginStore logins = test.stores.logins();
        logins.create("one", 5, NOW + 100);
        logins.create("two", 5, NOW + 100);
        logins.create("late", 5, NOW);
        logins.create("other", 6, NOW + 100);

        assertThat(logins.byId("one").orElseThrow().validAt(NOW)).isTrue();
        assertThat(logins.byId("one").orElseThrow().validAt(NOW + 100)).isFalse();
        assertThat(logins.valid(5)).extracting(LoginRow::loginId).containsExactly("one", "two");
        assertThat(logins.revoke("one")).isTrue();
        assertThat(logins.revoke("one")).isFalse();
        assertThat(logins.byId("one").orElseThrow().validAt(NOW)).isFalse();
        assertThat(logins.revokeAll(5, "two")).as("the late one").isEqualTo(1);
        assertThat(logins.valid(5)).extracting(LoginRow::loginId).containsExactly("two");
        assertThat(logins.valid(6)).hasSize(1);
        assertThat(logins.deleteExpired()).isEqualTo(1);
        assertThat(logins.byId("late")).isEmpty();
        logins.seen("two");
        assertThat(logins.byId("two").orElseThrow().lastSeenAt()).isEqualTo(NOW);
    }

    @Test
    void anAccessTokenIsKnownByItsHash() {
        AccessTokenStore tokens = test.stores.accessTokens();

        AccessTokenRow token = tokens.create(5, HASH, "backup script", NOW + 10).orElseThrow();

        assertThat(tokens.byHash(HASH)).contains(token);
        assertThat(tokens.byHash("cd".repeat(32))).isEmpty();
        assertThat(token.validAt(NOW)).isTrue();
        assertThat(token.validAt(NOW + 10)).isFalse();
        tokens.used(token.id());
        assertThat(tokens.byHash(HASH).orElseThrow().lastUsedAt()).isEqualTo(NOW);
        assertThat(tokens.revoke(6, token.id())).as("of another").isFalse();
        assertThat(tokens.valid(5)).hasSize(1);
        assertThat(tokens.revoke(5, token.id())).isTrue();
        assertThat(tokens.byHash(HASH).orElseThrow().validAt(NOW)).isFalse();
        assertThat(tokens.valid(5)).isEmpty();
        assertThatExceptionOfType(DatabaseException.class)
                .as("a hash is used once")
                .isThrownBy(() -> tokens.create(7, HASH, "again", 0))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.CONSTRAINT));
    }

    @Test
    void aUserHasABoundedNumberOfAccessTokens() {
        AccessTokenStore tokens = test.stores.accessTokens();
        for (int i = 0; i < AccessTokenStore.MAX_PER_USER; i++) {
            assertThat(tokens.create(5, "hash" + i, "", 0)).isPresent();
        }

        assertThat(tokens.create(5, HASH, "", 0)).isEmpty();
        assertThat(tokens.revokeAll(5)).isEqualTo(100);
        assertThat(tokens.create(5, HASH, "", 0)).isPresent();
    }

    @Test
    void anAuditEntryIsKeptWithWhatItTellsAboutOrNotAtAll() {
        AuditEntry entry =
                new AuditEntry(0, 0, 1, "root", "session", "10.0.0.1", "PUT /api/option/", "option/Notice", "", "d1");

        test.stores.atomically(() -> {
            test.stores.options().put(Map.of("Notice", "one"));
            test.stores.audit().append(entry);
            return entry;
        });
        assertThatIllegalStateException()
                .isThrownBy(() -> test.stores.atomically(() -> {
                    test.stores.options().put(Map.of("Notice", "two"));
                    test.stores.audit().append(entry);
                    throw new IllegalStateException("no");
                }));

        Page<AuditEntry> page = test.stores.audit().page(PageRequest.first());
        assertThat(page.total()).isEqualTo(1);
        assertThat(page.items().get(0).createdAt()).isEqualTo(NOW);
        assertThat(page.items().get(0).target()).isEqualTo("option/Notice");
        assertThat(test.stores.options().get("Notice")).contains("one");
    }

    @Test
    void hourlyUsageIsSummedByModelAndHourAndByUser() {
        HourlyUsageStore hours = new HourlyUsageStore(test.database);
        test.execute(
                "insert into quota_data (user_id, username, model_name, created_at, token_used, count, quota) values"
                        + " (1, 'ann', 'm', 3600, 5, 1, 10), (1, 'ann', 'm', 3600, 5, 1, 10), (2, 'bob', 'm', 3600, 1, 1, 1),"
                        + " (2, 'bob', 'n', 7200, null, 1, 2), (1, 'ann', 'm', 10800, 1, 1, 1)");

        assertThat(hours.summed(3600, 7200))
                .containsExactly(
                        new HourlyUsageRow(0, "", "m", 3600, 11, 3, 21), new HourlyUsageRow(0, "", "n", 7200, 0, 1, 2));
        assertThat(hours.ofUser(1, 0, 10_000)).containsExactly(new HourlyUsageRow(1, "ann", "m", 3600, 10, 2, 20));
        assertThat(hours.ofUsername("bob", 0, 3600)).containsExactly(new HourlyUsageRow(2, "bob", "m", 3600, 1, 1, 1));
    }
}
