package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenStoreTest {

    private static final long ANN = 1;
    private static final long BOB = 2;

    @TempDir
    Path directory;

    private TestDatabase test;
    private TokenStore tokens;

    /** All tables, at first without any rows. */
    TestDatabase database(RandomText random) {
        return TestDatabase.create(directory, random);
    }

    @BeforeEach
    void open() {
        test = database(RandomText.secure());
        tokens = test.stores.tokens();
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void aNewTokenHasALongRandomKey() {
        TokenRow one = create(ANN, "one");
        TokenRow two = create(ANN, "two");

        assertThat(one.key()).matches("[0-9a-zA-Z]{48}").isNotEqualTo(two.key());
        assertThat(one.status()).isEqualTo(1);
        assertThat(one.createdTime()).isEqualTo(TestDatabase.NOW_SECONDS);
        assertThat(one.toString()).doesNotContain(one.key());
    }

    @Test
    void anExpiryOfZeroIsStoredAsNever() {
        NewToken token = new NewToken(ANN, "t", 0, 70, false, true, "gpt-4o", "10.0.0.0/8", "vip", true);

        TokenRow row = created(tokens.create(token, 5, ANN));

        assertThat(row.expiredTime()).isEqualTo(-1);
        assertThat(row.remainQuota()).isEqualTo(70);
        assertThat(row.modelLimits()).isEqualTo("gpt-4o");
        assertThat(row.allowIps()).isEqualTo("10.0.0.0/8");
        assertThat(row.crossGroupRetry()).isTrue();
        assertThat(test.query("select kind, amount, credited_by from newapi_credits"))
                .containsExactly("2|70|1");
    }

    @Test
    void aKeyMustMatchByteForByteAndBeLive() {
        TokenRow token = create(ANN, "t");
        test.execute("update tokens set `key` = 'AbC'");

        assertThat(tokens.byKey("AbC").orElseThrow().id()).isEqualTo(token.id());
        assertThat(tokens.byKey("abc")).isEmpty();
        assertThat(tokens.byKey("")).isEmpty();
        tokens.delete(ANN, token.id());
        assertThat(tokens.byKey("AbC")).isEmpty();
        assertThat(tokens.byIdWithDeleted(token.id()).orElseThrow().deletedAt()).contains(TestDatabase.NOW);
    }

    @Test
    void aUserHasAtMostSoManyLiveTokens() {
        TokenRow first = create(ANN, "one");
        create(ANN, "two");

        assertThat(tokens.create(NewToken.unlimited(ANN, "three"), 2, ANN)).isEqualTo(new TokenOutcome.TooMany(2));
        assertThat(tokens.create(NewToken.unlimited(BOB, "one"), 2, BOB)).isInstanceOf(TokenOutcome.Created.class);
        tokens.delete(ANN, first.id());
        assertThat(tokens.create(NewToken.unlimited(ANN, "three"), 2, ANN)).isInstanceOf(TokenOutcome.Created.class);
        assertThat(tokens.count(ANN)).isEqualTo(2);
    }

    @Test
    void nobodyReachesATokenOfAnother() {
        TokenRow token = create(ANN, "t");

        assertThat(tokens.own(BOB, token.id())).isEmpty();
        assertThat(tokens.update(BOB, token.id(), TokenChange.none().name("stolen")))
                .isEmpty();
        assertThat(tokens.setStatus(BOB, token.id(), 2)).isEmpty();
        assertThat(tokens.delete(BOB, token.id())).isFalse();
        assertThat(tokens.page(BOB, PageRequest.first()).items()).isEmpty();
        assertThat(tokens.own(ANN, token.id()).orElseThrow().name()).isEqualTo("t");
    }

    @Test
    void aChangeWritesOnlyTheColumnsItNames() {
        TokenRow token = create(ANN, "t");
        test.execute("update tokens set used_quota = 30, remain_quota = remain_quota - 30, accessed_time = 5");

        TokenRow after = tokens.update(
                        ANN,
                        token.id(),
                        TokenChange.none().name("new").allowIps("::1").expiredTime(99))
                .orElseThrow();

        assertThat(after.name()).isEqualTo("new");
        assertThat(after.allowIps()).isEqualTo("::1");
        assertThat(after.expiredTime()).isEqualTo(99);
        assertThat(after.usedQuota()).isEqualTo(30);
        assertThat(after.balance()).isEqualTo(-30);
        assertThat(after.accessedTime()).isEqualTo(5);
        assertThat(after.unlimitedQuota()).isTrue();
        assertThat(tokens.setStatus(ANN, token.id(), 2).orElseThrow().status()).isEqualTo(2);
    }

    @Test
    void theRemainingQuotaIsSetAsATotalWithWhatNodesHold() {
        TokenRow token = create(ANN, "t");
        test.execute("update tokens set remain_quota = 10");
        test.lease("w1", AccountKind.TOKEN, token.id(), 90);
        test.lease("w1", AccountKind.USER, token.id(), 5_000);

        TokenRow after = tokens.update(ANN, token.id(), TokenChange.none().remainQuota(40))
                .orElseThrow();

        assertThat(after.remainQuota()).isEqualTo(40);
        assertThat(after.balance()).isEqualTo(-50);
        assertThat(test.query("select kind, recall from newapi_leases order by kind"))
                .as("what went below zero is asked back, and only that")
                .containsExactly("1|0", "2|1");
    }

    @Test
    void aSearchLooksAtNameAndKey() {
        create(ANN, "work laptop");
        TokenRow phone = create(ANN, "phone_1");
        create(BOB, "work laptop");

        assertThat(tokens.search(ANN, "LAPTOP", ""))
                .extracting(TokenRow::userId)
                .containsExactly(ANN);
        assertThat(tokens.search(ANN, "e_1", "")).extracting(TokenRow::name).containsExactly("phone_1");
        assertThat(tokens.search(ANN, "", phone.key().substring(5, 20)))
                .extracting(TokenRow::name)
                .containsExactly("phone_1");
        assertThat(tokens.search(ANN, "laptop", phone.key())).isEmpty();
        assertThat(tokens.search(ANN, "", "", new PageRequest(1, 1)).total()).isEqualTo(2);
    }

    @Test
    void severalAreDeletedAtOnceAndCounted() {
        List<Long> ids = List.of(
                create(ANN, "a").id(), create(ANN, "b").id(), create(BOB, "c").id(), 999L);

        assertThat(tokens.deleteAll(ANN, ids)).isEqualTo(2);
        assertThat(tokens.deleteAll(ANN, List.of())).isZero();
        assertThat(tokens.count(BOB)).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tokens.deleteAll(ANN, Collections.nCopies(1_001, 1L)))
                .withMessageContaining("1001");
    }

    private TokenRow create(long user, String name) {
        return created(tokens.create(NewToken.unlimited(user, name), 10, user));
    }

    private static TokenRow created(TokenOutcome outcome) {
        return ((TokenOutcome.Created) outcome).token();
    }
}
