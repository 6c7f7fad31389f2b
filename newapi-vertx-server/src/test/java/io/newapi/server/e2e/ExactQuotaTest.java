package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Sandbox;
import io.newapi.sandbox.SandboxOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An allowance pays for what it pays for, however many calls arrive at once. */
class ExactQuotaTest {

    private static final int PARALLEL = 200;
    private static final int PAID = 10;

    /** 0.01 USD for each call, at 500,000 quota for 1 USD. */
    private static final long PRICE = 5_000;

    @TempDir
    Path directory;

    private Sandbox sandbox;
    private LocalNode node;
    private Operator operator;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.DEFAULTS)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        node = LocalNode.start(directory);
        operator = Operator.settingUp(node.url());
        operator.option("ModelPrice", "{\"per-call\": 0.01}");
        operator.channel("mock", sandbox.url(), "per-call,gpt-4o", 0);
    }

    @AfterEach
    void stop() {
        node.close();
        sandbox.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aTokenThatPaysForTenCallsPaysForExactlyTenOfTwoHundredAtOnce() {
        String key = operator.token("ten calls", PAID * PRICE);

        List<HttpResponse<String>> answers = new ChatClient(node.url(), key)
                .askAtOnce(PARALLEL, ChatClient.body("per-call", new JsonObject().put("latency_ms", 20)));

        assertThat(answers).filteredOn(answer -> answer.statusCode() == 200).hasSize(PAID);
        assertThat(answers)
                .filteredOn(answer ->
                        answer.statusCode() == 403 && answer.body().contains("pre_consume_token_quota_failed"))
                .hasSize(PARALLEL - PAID);
        node.close();
        Books books = new Books(directory);
        assertThat(books.number("select remain_quota from tokens")).isZero();
        assertThat(books.number("select sum(held) from newapi_leases")).isZero();
        assertThat(books.charged()).isEqualTo(PAID * PRICE);
        books.balance();
    }

    @Test
    void aUserWhoseBalancePaysForTenCallsMakesExactlyTenWithFiveTokens() {
        List<ChatClient> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(new ChatClient(node.url(), operator.unlimitedToken("token " + i)));
        }
        operator.rootQuota(PAID * PRICE);

        List<HttpResponse<String>> answers = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        for (int i = 0; i < PARALLEL; i++) {
            sent.add(clients.get(i % clients.size()).send(ChatClient.body("per-call", new JsonObject())));
        }
        sent.forEach(answer -> answers.add(answer.join()));

        assertThat(answers).filteredOn(answer -> answer.statusCode() == 200).hasSize(PAID);
        assertThat(answers)
                .filteredOn(
                        answer -> answer.statusCode() == 403 && answer.body().contains("insufficient_user_quota"))
                .hasSize(PARALLEL - PAID);
        node.close();
        Books books = new Books(directory);
        assertThat(books.left()).isZero();
        books.balance();
    }

    /**
     * A call holds (500 + 100) x 1.25 = 750 and costs (8 + 2 x 4) x 1.25 = 20. An allowance of 9 x 20 + 750 pays for ten
     * calls, the last of which can just be held, and for no eleventh.
     */
    @Test
    void withAReservationAboveTheChargeRetriesSucceedUntilExactlyTenArePaid() {
        String key = operator.token("ten calls", 9 * 20 + 750);
        ChatClient client = new ChatClient(node.url(), key);
        JsonObject body = ChatClient.body(
                        "gpt-4o", new JsonObject().put("prompt_tokens", 8).put("completion_tokens", 2))
                .put("max_tokens", 100);

        int paid = 0;
        for (int round = 0; round < 3 * PAID && paid < PAID; round++) {
            paid += (int) client.askAtOnce(20, body).stream()
                    .filter(answer -> answer.statusCode() == 200)
                    .count();
            assertThat(paid).isLessThanOrEqualTo(PAID);
        }

        assertThat(paid).isEqualTo(PAID);
        assertThat(client.ask(body).statusCode()).isEqualTo(403);
        node.close();
        Books books = new Books(directory);
        assertThat(books.charged()).isEqualTo(PAID * 20);
        assertThat(books.number("select remain_quota from tokens")).isEqualTo(730);
        books.balance();
    }
}
