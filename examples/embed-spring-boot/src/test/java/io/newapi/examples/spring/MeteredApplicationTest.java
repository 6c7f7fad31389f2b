package io.newapi.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The application as it runs: with its web server, its database in a file, and a provider beside it. */
class MeteredApplicationTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HOUSE_PRICE = 1_000;

    @TempDir
    private static Path data;

    private static StubProvider provider;
    private static ConfigurableApplicationContext application;

    private final HttpClient client = HttpClient.newHttpClient();

    /** One for all tests, each of which has customers of its own: starting it takes seconds. */
    @BeforeAll
    static void start() throws IOException {
        provider = new StubProvider();
        application = run();
    }

    @AfterAll
    static void stop() {
        application.close();
        provider.close();
    }

    private static ConfigurableApplicationContext run() {
        return SpringApplication.run(
                MeteredApplication.class,
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--spring.main.lazy-initialization=true",
                "--logging.level.root=warn",
                "--spring.datasource.url=jdbc:h2:file:" + data.resolve("meter") + ";WRITE_DELAY=0",
                "--meter.journals=" + data.resolve("journals"),
                "--meter.upstream.url=" + provider.url());
    }

    private Customers customers() {
        return application.getBean(Customers.class);
    }

    private CompletableFuture<HttpResponse<String>> ask(long customer, String model) {
        String question = "{\"model\":\"" + model + "\",\"text\":\"What is the answer?\",\"maxTokens\":300}";
        return client.sendAsync(
                request("/ask")
                        .header("X-Customer", String.valueOf(customer))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(question))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        int port = ((ServletWebServerApplicationContext) application)
                .getWebServer()
                .getPort();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(client.send(request(path).build(), HttpResponse.BodyHandlers.ofString())
                .body());
    }

    @Test
    void aCallIsAnsweredWithItsChargeAndBookedWhenTheApplicationEnds() throws IOException {
        customers().credit(7, 10_000);

        HttpResponse<String> response = ask(7, "gpt-4o").join();

        JsonNode answer = JSON.readTree(response.body());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(answer.path("text").textValue()).isEqualTo("Forty-two.");
        assertThat(answer.path("charged").longValue()).isEqualTo(1_425);
        assertThat(answer.path("why")).extracting(JsonNode::textValue).contains("  sum 1425: charged 1425");
        assertThat(answer.path("left").longValue()).isIn(8_575L, 10_000L);
        application.close();
        application = run();
        assertThat(customers().standing(7)).contains(new Customers.Standing(8_575, 1_425));
    }

    @Test
    void ofManyCallsAtOnceExactlySoManyAreServedAsTheQuotaPaysFor() {
        int paidFor = 7;
        int before = provider.calls();
        customers().credit(10, paidFor * HOUSE_PRICE + HOUSE_PRICE - 1);

        List<CompletableFuture<HttpResponse<String>>> calls =
                IntStream.range(0, 40).mapToObj(n -> ask(10, "house-model")).toList();
        List<Integer> statuses =
                calls.stream().map(call -> call.join().statusCode()).toList();

        assertThat(statuses).containsOnly(200, 402);
        assertThat(statuses.stream().filter(status -> status == 200)).hasSize(paidFor);
        assertThat(provider.calls() - before).isEqualTo(paidFor);
    }

    @Test
    void customersDoNotPayForEachOther() {
        customers().credit(20, HOUSE_PRICE);
        customers().credit(21, 2 * HOUSE_PRICE);

        List<CompletableFuture<HttpResponse<String>>> calls = Stream.of(20, 21, 20, 21, 20, 21)
                .map(customer -> ask(customer, "house-model"))
                .toList();

        assertThat(calls.stream().filter(call -> call.join().statusCode() == 200))
                .hasSize(3);
    }

    @Test
    void refusalsSayWhy() throws IOException {
        int before = provider.calls();
        customers().credit(30, HOUSE_PRICE);
        customers().close(30);

        HttpResponse<String> unknown = ask(31, "house-model").join();
        HttpResponse<String> closed = ask(30, "house-model").join();
        HttpResponse<String> unpriced = ask(30, "no-such-model").join();

        assertThat(unknown.statusCode()).isEqualTo(403);
        assertThat(closed.statusCode()).isEqualTo(403);
        assertThat(JSON.readTree(closed.body()).path("detail").textValue()).contains("takes no charges");
        assertThat(unpriced.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(unpriced.body()).path("detail").textValue()).contains("no-such-model");
        assertThat(provider.calls()).isEqualTo(before);
    }

    @Test
    void aCallThatTheProviderFailsCostsNothing() {
        customers().credit(40, HOUSE_PRICE);

        provider.answerWith(500);
        assertThat(ask(40, "house-model").join().statusCode()).isEqualTo(502);
        provider.answerWith(200);
        assertThat(ask(40, "house-model").join().statusCode()).isEqualTo(200);
    }

    @Test
    void aCreditServesWhoWasRefusedBefore() {
        customers().credit(50, HOUSE_PRICE - 1);
        assertThat(ask(50, "house-model").join().statusCode()).isEqualTo(402);

        customers().credit(50, 1);

        assertThat(ask(50, "house-model").join().statusCode()).isEqualTo(200);
    }

    @Test
    void metersShowWhatTheLedgerDoes() throws Exception {
        double charged = value("ledger.charged.units");
        double refused = value("ledger.refused.calls");
        customers().credit(60, HOUSE_PRICE);

        ask(60, "house-model").join();
        ask(60, "house-model").join();

        assertThat(value("ledger.charged.units") - charged).isEqualTo(HOUSE_PRICE);
        assertThat(value("ledger.refused.calls") - refused).isEqualTo(1);
        assertThat(value("ledger.refused.calls?tag=why:insufficient")).isPositive();
        assertThat(value("ledger.exchange?tag=outcome:applied")).isPositive();
    }

    /** The first figure of a meter; 0 as long as there is none. */
    private double value(String meter) throws IOException, InterruptedException {
        return get("/actuator/metrics/" + meter)
                .path("measurements")
                .path(0)
                .path("value")
                .doubleValue();
    }
}
