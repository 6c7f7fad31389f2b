package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.BY_RATIO;
import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.LEAST_PROMPT;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.e2e.Books.Balance;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However many calls come at once, what is paid for is served and not one call more. */
class ExactQuotaTest {

    private static final int PAID_FOR = 10;
    private static final int AT_ONCE = 200;
    private static final long PLENTY = 1_000_000_000;

    /** Long enough for all calls to be under way together. */
    private static final Script SLOW = Script.PLAIN.withDelays(Duration.ofMillis(50), Duration.ZERO);

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private DataDirectory directory;

    @BeforeEach
    void prepare() {
        directory = DataDirectory.create(path);
    }

    @AfterEach
    void closeUpstreams() {
        upstreams.close();
    }

    @Test
    void aTokenThatPaysForTenCallsGetsTenOfTwoHundred() {
        long channel = directory.channel("only", upstreams.start(SLOW).url(), 0);
        long user = directory.user("rich", PLENTY);
        Key key = directory.limitedToken(user, "poor", PAID_FOR * CALL_UNITS);

        List<Reply> replies = rush(List.of(key));

        assertServedAndRefused(replies, "pre_consume_token_quota_failed");
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.token(key)).isEqualTo(new Balance(0, 0, PAID_FOR * CALL_UNITS));
        assertThat(books.user(user).left()).isEqualTo(PLENTY - PAID_FOR * CALL_UNITS);
        assertThat(books.channelUsed(channel)).isEqualTo(PAID_FOR * CALL_UNITS);
        assertThat(books.charges(key)).hasSize(PAID_FOR).allMatch(charge -> charge.quota() == CALL_UNITS);
    }

    @Test
    void aUserWhoPaysForTenCallsGetsTenThroughAllHisTokensTogether() {
        directory.channel("only", upstreams.start(SLOW).url(), 0);
        long user = directory.user("poor", PAID_FOR * CALL_UNITS);
        List<Key> keys = IntStream.range(0, 5)
                .mapToObj(number -> directory.unlimitedToken(user, "token " + number))
                .toList();

        List<Reply> replies = rush(keys);

        assertServedAndRefused(replies, "insufficient_user_quota");
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.user(user)).isEqualTo(new Balance(0, 0, PAID_FOR * CALL_UNITS));
        keys.forEach(key ->
                assertThat(books.token(key).left()).isEqualTo(-books.token(key).used()));
    }

    @Test
    void aReservationAboveTheChargeNeverLetsTooMuchBeSpentAndItsRestIsSpentLater() {
        long chargedEach = 100 + 2 * 50;
        long maxTokens = 1500;
        long heldEach = LEAST_PROMPT + maxTokens;
        // the tenth call must find what it holds, the eleventh must not
        long granted = (PAID_FOR - 1) * chargedEach + heldEach;
        directory.channel("only", upstreams.start(SLOW.withUsage(100, 50, 0)).url(), 0);
        long user = directory.user("rich", PLENTY);
        Key key = directory.limitedToken(user, "poor", granted);
        JsonObject question = Caller.question(BY_RATIO, "How much?").put("max_tokens", maxTokens);

        List<Reply> replies = new ArrayList<>();
        try (TestNode node = TestNode.start(directory)) {
            Caller caller = new Caller(node.url());

            replies.addAll(caller.together(AT_ONCE, key, question));
            assertThat(served(replies)).isBetween(1L, (long) PAID_FOR);
            // nothing is under way any more: alone, a call is refused only if it is not paid for
            Reply reply;
            do {
                reply = caller.call(key, question);
                replies.add(reply);
            } while (reply.status() == 200);
            assertThat(reply.status()).isEqualTo(403);
        }

        assertServedAndRefused(replies, "pre_consume_token_quota_failed");
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.token(key)).isEqualTo(new Balance(heldEach - chargedEach, 0, PAID_FOR * chargedEach));
        assertThat(books.charges(key)).hasSize(PAID_FOR).allMatch(charge -> charge.quota() == chargedEach);
    }

    /** All calls at once against a node that is then stopped. */
    private List<Reply> rush(List<Key> keys) {
        JsonObject question = Caller.question(PER_CALL, "How much?");
        try (TestNode node = TestNode.start(directory)) {
            Caller caller = new Caller(node.url());

            return caller.together(AT_ONCE, keys, question);
        }
    }

    private static void assertServedAndRefused(List<Reply> replies, String refusal) {
        Map<String, Long> outcomes =
                replies.stream().collect(Collectors.groupingBy(ExactQuotaTest::outcome, Collectors.counting()));

        assertThat(outcomes)
                .isEqualTo(Map.of("served", (long) PAID_FOR, "403 " + refusal, (long) replies.size() - PAID_FOR));
    }

    private static String outcome(Reply reply) {
        if (reply.status() != 200) {
            return reply.status() + " " + reply.errorCode();
        }
        return reply.complete() ? "served" : "cut off";
    }

    private static long served(List<Reply> replies) {
        return replies.stream().filter(Reply::complete).count();
    }
}
