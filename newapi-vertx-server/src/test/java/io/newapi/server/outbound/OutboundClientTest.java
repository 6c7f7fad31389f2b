package io.newapi.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.newapi.server.outbound.OutboundFailure.Reason;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundClientTest {

    private static final int MAX_BYTES = 10;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private String server(Consumer<HttpServerRequest> answer) {
        int port = vertx.createHttpServer()
                .requestHandler(request -> {
                    asked.incrementAndGet();
                    answer.accept(request);
                })
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        return "http://127.0.0.1:" + port;
    }

    private OutboundAnswer ask(String url, Duration total, boolean privateAllowed) {
        OutboundClient.Limits limits = new OutboundClient.Limits(Duration.ofSeconds(5), total, total, MAX_BYTES);
        return new OutboundClient(vertx.createHttpClient(), limits)
                .ask(OutboundRequest.get(url, Map.of("X-Told", "yes"), privateAllowed));
    }

    private OutboundAnswer ask(String url) {
        return ask(url, Duration.ofMinutes(1), true);
    }

    private OutboundFailure failure(String url, Duration total, boolean privateAllowed) {
        return catchThrowableOfType(OutboundFailure.class, () -> ask(url, total, privateAllowed));
    }

    @Test
    void anAnswerComesWithItsStatus() {
        String url = server(request -> request.response()
                .setStatusCode(request.path().equals("/it") ? 401 : 500)
                .end(request.getHeader("X-Told")));

        OutboundAnswer answer = ask(url + "/it");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).hasToString("yes");
        assertThat(answer.whole()).isTrue();
    }

    @Test
    void noMoreIsReadThanIsAllowed() {
        String url = server(request -> request.response().end("x".repeat(MAX_BYTES + 1)));

        OutboundAnswer answer = ask(url);

        assertThat(answer.whole()).isFalse();
        assertThat(answer.body().length()).isEqualTo(MAX_BYTES);
    }

    @Test
    void aRedirectIsAnAnswer() {
        String elsewhere = server(request -> request.response().end());
        String url = server(request -> request.response()
                .putHeader("Location", elsewhere)
                .setStatusCode(302)
                .end());

        assertThat(ask(url).status()).isEqualTo(302);
        assertThat(asked).hasValue(1);
    }

    @Test
    void whoDoesNotAnswerInTimeIsGivenUp() {
        String silent = server(request -> {});
        String endless = server(request -> request.response().setChunked(true).write("x"));

        assertThat(failure(silent, Duration.ofMillis(50), true).reason()).isEqualTo(Reason.NO_ANSWER);
        assertThat(failure(endless, Duration.ofMillis(50), true).reason()).isEqualTo(Reason.NO_ANSWER);
    }

    @Test
    void privateAddressesAreForThoseWhoMay() {
        String url = server(request -> request.response().end());

        assertThat(failure(url, Duration.ofMinutes(1), false).reason()).isEqualTo(Reason.ADDRESS_REFUSED);
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest",
                "http://0.0.0.0/",
                "file:///etc/passwd",
                "http://somebody:sesame@127.0.0.1/",
                "http://not an address/sesame"
            })
    void someAddressesAreForNobody(String url) {
        OutboundFailure failure = failure(url, Duration.ofMinutes(1), true);

        assertThat(failure.reason()).isEqualTo(Reason.ADDRESS_REFUSED);
        assertThat(failure.getMessage()).doesNotContain("sesame");
    }

    @Test
    void aHostThatNobodyKnowsMayBeKnownLater() {
        assertThat(failure("http://no-such-host.invalid/", Duration.ofMinutes(1), true)
                        .reason())
                .isEqualTo(Reason.NO_ANSWER);
    }
}
