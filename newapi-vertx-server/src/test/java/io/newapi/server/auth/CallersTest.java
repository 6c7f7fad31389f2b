package io.newapi.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.access.AddressRules;
import io.newapi.core.access.Expiry;
import io.newapi.core.access.ModelLimits;
import io.newapi.core.access.Role;
import io.newapi.core.access.Token;
import io.newapi.core.access.TokenQuota;
import io.newapi.core.access.TokenStatus;
import io.newapi.core.access.User;
import io.newapi.core.access.UserStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallersTest {

    private final Map<String, KeyOwner> stored = new ConcurrentHashMap<>();
    private final AtomicInteger lookUps = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private String address = "10.0.0.1";
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean down;
    private Vertx vertx;
    private Callers callers;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        callers = new Callers(
                KeyOwner.Lookup.on(vertx.createSharedWorkerExecutor("callers", 4), this::lookUp),
                Duration.ofSeconds(60),
                100,
                nanos::get);
    }

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    @Test
    void aKeyIsLookedUpOnceAndFoundWithItsPin() {
        stored.put("k", owner(1, 10));

        assertThat(found("sk-k-7").pinnedChannel()).hasValue(7);
        assertThat(found("sk-k").user().id()).isEqualTo(1);
        assertThat(lookUps).hasValue(1);
    }

    @Test
    void anUnknownKeyIsRememberedForAWhile() {
        assertThat(find("nobody")).isInstanceOf(CallerLookup.Unknown.class);
        assertThat(find("nobody")).isInstanceOf(CallerLookup.Unknown.class);
        assertThat(lookUps).hasValue(1);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(11));
        assertThat(find("nobody")).isInstanceOf(CallerLookup.Unknown.class);
        assertThat(lookUps).hasValue(2);
    }

    @Test
    void aKeyMadeAfterItWasTriedIsFoundAtOnce() {
        assertThat(find("k")).isInstanceOf(CallerLookup.Unknown.class);
        stored.put("k", owner(1, 10));

        callers.forgetToken(10);

        assertThat(find("k")).isInstanceOf(CallerLookup.Found.class);
    }

    @Test
    void aForgottenUserOrTokenIsLookedUpAgainAndOthersAreNot() {
        stored.put("a", owner(1, 10));
        stored.put("b", owner(2, 20));
        found("a");
        found("b");
        stored.remove("a");

        callers.forgetUser(1);

        assertThat(find("a")).isInstanceOf(CallerLookup.Unknown.class);
        found("b");
        assertThat(lookUps).hasValue(3);
        callers.forgetToken(20);
        found("b");
        assertThat(lookUps).hasValue(4);
    }

    @Test
    void whatNobodyAnnouncesIsSeenAfterTheTimeToLive() {
        stored.put("k", owner(1, 10));
        found("k");
        stored.remove("k");

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
        assertThat(find("k")).isInstanceOf(CallerLookup.Found.class);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(find("k")).isInstanceOf(CallerLookup.Unknown.class);
    }

    @Test
    void manyWhoAskAtOnceShareOneLookUp() {
        stored.put("k", owner(1, 10));
        gate = new CountDownLatch(1);
        List<Future<CallerLookup>> asked = IntStream.range(0, 50)
                .mapToObj(i -> callers.find(key("k"), "10.0.0.1"))
                .toList();

        gate.countDown();

        asked.forEach(future -> assertThat(await(future)).isInstanceOf(CallerLookup.Found.class));
        assertThat(lookUps).hasValue(1);
    }

    @Test
    void aLookUpThatIsOvertakenByAChangeIsNotRemembered() {
        stored.put("k", owner(1, 10));
        gate = new CountDownLatch(1);
        Future<CallerLookup> before = callers.find(key("k"), "10.0.0.1");

        callers.forgetUser(1);
        gate.countDown();

        assertThat(await(before)).isInstanceOf(CallerLookup.Found.class);
        found("k");
        assertThat(lookUps).hasValue(2);
    }

    @Test
    void guessersAreSlowedDownAndKnownKeysAreNot() {
        stored.put("known", owner(1, 10));
        stored.put("new", owner(2, 20));
        found("known");
        for (int i = 0; i < UnknownKeys.PER_ADDRESS; i++) {
            assertThat(find("guess" + i)).isInstanceOf(CallerLookup.Unknown.class);
        }

        assertThat(find("one more")).isInstanceOf(CallerLookup.Busy.class);
        assertThat(find("new")).isInstanceOf(CallerLookup.Busy.class);
        assertThat(find("known")).isInstanceOf(CallerLookup.Found.class);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(find("new")).isInstanceOf(CallerLookup.Found.class);
    }

    @Test
    void whoGuessesSlowsDownNobodyElseUntilManyDo() {
        stored.put("new", owner(2, 20));
        stored.put("newer", owner(3, 30));
        for (int i = 0; i < UnknownKeys.PER_SECOND; i++) {
            address = "10.0.1." + i / UnknownKeys.PER_ADDRESS;
            assertThat(find("guess" + i)).isInstanceOf(CallerLookup.Unknown.class);
            address = "10.0.0.2";
            if (i == UnknownKeys.PER_ADDRESS) {
                assertThat(find("new")).isInstanceOf(CallerLookup.Found.class);
            }
        }

        assertThat(find("newer")).isInstanceOf(CallerLookup.Busy.class);
    }

    @Test
    void aKeyThatWasFoundBeforeIsLookedUpAgainWhateverOthersGuess() {
        stored.put("known", owner(1, 10));
        found("known");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
        for (int i = 0; i < UnknownKeys.PER_ADDRESS; i++) {
            find("guess" + i);
        }

        assertThat(find("one more")).isInstanceOf(CallerLookup.Busy.class);
        assertThat(find("known")).isInstanceOf(CallerLookup.Found.class);
    }

    @Test
    void aFailingStoreFailsTheLookUpAndIsAskedAgain() {
        Callers failing = new Callers(
                KeyOwner.Lookup.on(vertx.createSharedWorkerExecutor("callers", 4), key -> {
                    lookUps.incrementAndGet();
                    throw new IllegalStateException("down");
                }),
                Duration.ofSeconds(60),
                100,
                nanos::get);

        assertThatThrownBy(() -> await(failing.find(key("k"), "10.0.0.1"))).hasMessageContaining("down");
        assertThatThrownBy(() -> await(failing.find(key("k"), "10.0.0.1"))).hasMessageContaining("down");
        assertThat(lookUps).hasValue(2);
    }

    @Test
    void aKnownKeyOutlivesAFailureOfTheStoreForAWhile() {
        stored.put("k", owner(1, 10));
        found("k");
        down = true;

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
        found("k");
        nanos.addAndGet(Callers.OUTAGE.toNanos() - TimeUnit.SECONDS.toNanos(62));
        found("k");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThatThrownBy(() -> find("k")).hasMessageContaining("down");
    }

    @Test
    void whileTheStoreIsKnownToFailNobodyWaitsForIt() {
        stored.put("k", owner(1, 10));
        found("k");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
        down = true;
        found("k");

        gate = new CountDownLatch(1);
        assertThat(callers.find(key("k"), address).isComplete()).isTrue();
        gate.countDown();
    }

    @Test
    void aStoreThatIsBackIsBelievedAtOnce() {
        stored.put("k", owner(1, 10));
        found("k");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
        down = true;
        found("k");
        down = false;
        stored.remove("k");

        // one look-up notices, for whoever asks
        assertThat(find("nobody")).isInstanceOf(CallerLookup.Unknown.class);
        assertThat(find("k")).isInstanceOf(CallerLookup.Unknown.class);
    }

    @Test
    void aKeyThatWasFoundToBeGoneIsNotBelievedAgainWhenTheStoreFails() {
        stored.put("k", owner(1, 10));
        found("k");
        stored.remove("k");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
        assertThat(find("k")).isInstanceOf(CallerLookup.Unknown.class);

        down = true;
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(30));

        assertThatThrownBy(() -> find("k")).hasMessageContaining("down");
    }

    @Test
    void whileOneLookUpFindsOutWhetherAFailingStoreIsBackOthersAreToldAtOnce() {
        down = true;
        assertThatThrownBy(() -> find("a")).hasMessageContaining("down");
        gate = new CountDownLatch(1);
        Future<CallerLookup> probe = callers.find(key("a"), address);

        Future<CallerLookup> other = callers.find(key("b"), address);

        assertThat(other.failed()).isTrue();
        assertThat(probe.isComplete()).isFalse();
        down = false;
        gate.countDown();
        assertThat(await(probe)).isInstanceOf(CallerLookup.Unknown.class);
    }

    @Test
    void whatWasRevokedIsNotBelievedBecauseTheStoreFails() {
        stored.put("k", owner(1, 10));
        found("k");
        down = true;

        callers.forgetToken(10);

        assertThatThrownBy(() -> find("k")).hasMessageContaining("down");
    }

    @Test
    void theCacheIsBounded() {
        Generations<Integer> cache = new Generations<>(100);
        for (int i = 0; i < 10_000; i++) {
            cache.put("k" + i, i);
            assertThat(cache.size()).isLessThanOrEqualTo(101);
        }
        assertThat(cache.get("k9999")).isEqualTo(9999);
        assertThat(cache.get("k0")).isNull();
    }

    private Optional<KeyOwner> lookUp(String key) {
        lookUps.incrementAndGet();
        try {
            assertThat(gate.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (down) {
            throw new IllegalStateException("down");
        }
        return Optional.ofNullable(stored.get(key));
    }

    private Caller found(String text) {
        CallerLookup lookup = find(text);
        assertThat(lookup).isInstanceOf(CallerLookup.Found.class);
        return ((CallerLookup.Found) lookup).caller();
    }

    private CallerLookup find(String text) {
        return await(callers.find(key(text), address));
    }

    private static ApiKey key(String text) {
        return ApiKey.parse(text).orElseThrow();
    }

    private static KeyOwner owner(long userId, long tokenId) {
        return new KeyOwner(
                new User(userId, "u", Role.COMMON, UserStatus.ENABLED, "default", false, false),
                new Token(
                        tokenId,
                        userId,
                        "t",
                        TokenStatus.ENABLED,
                        Expiry.never(),
                        TokenQuota.unlimited(),
                        ModelLimits.none(),
                        AddressRules.any(),
                        "",
                        false));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
