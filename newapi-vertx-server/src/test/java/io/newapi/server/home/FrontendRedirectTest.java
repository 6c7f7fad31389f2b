package io.newapi.server.home;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose browsers are to go to gateway.example.com, and one that sends them to a port of the same host. */
class FrontendRedirectTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static int elsewhere;
    private static int otherPort;

    @BeforeAll
    static void serve() throws Exception {
        elsewhere = serve("https://gateway.example.com");
        otherPort = serve("http://gateway.example.com:3000");
    }

    private static int serve(String base) throws Exception {
        Router router = Router.router(VERTX);
        router.get("/api/status").handler(context -> context.end("the API"));
        new FrontendRedirect(URI.create(base)).mount(router);
        new HomePage("1").mount(router);
        UnknownPaths.mount(router);
        HttpServer server =
                await(VERTX.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        return server.actualPort();
    }

    @AfterAll
    static void stop() throws Exception {
        await(VERTX.close());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/console/log?page=2&q=a%20b", "/docs/api.md", "/apis", "//other.example.com/x", "/v10"})
    void aBrowserIsSentToTheSamePathAndQueryThere(String uri) throws Exception {
        Answer answer = get(elsewhere, uri, Map.of("Host", "slave.example.com:3000"));

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).isEqualTo("https://gateway.example.com" + uri);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway.example.com", "GATEWAY.example.com", "gateway.example.com:443"})
    void aBrowserThatIsThereGetsThePage(String host) throws Exception {
        assertThat(get(elsewhere, "/", Map.of("Host", host)).status()).isEqualTo(200);
        assertThat(get(elsewhere, "/", Map.of("Host", "10.0.0.7:3000", "X-Forwarded-Host", host))
                        .status())
                .isEqualTo(200);
    }

    /** Proxies leave the port out; two nodes on one machine differ in nothing else. */
    @ParameterizedTest
    @CsvSource({
        "gateway.example.com, 200",
        "gateway.example.com:3000, 200",
        "gateway.example.com:3001, 302",
        "other.example.com:3000, 302"
    })
    void thePortCountsWhereItIsKnown(String host, int status) throws Exception {
        assertThat(get(otherPort, "/", Map.of("Host", host)).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/nothing",
                "/api",
                "/v1",
                "/v1/nothing",
                "/v1beta/x",
                "/assets/index.js",
                "/dashboard/billing/x",
                "/readyz"
            })
    void whatProgramsAskForAndIsNotThereIsAnErrorInTheirForm(String uri) throws Exception {
        Answer answer = get(elsewhere, uri, Map.of("Host", "slave.example.com"));

        assertThat(answer.status()).isEqualTo(404);
        JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
        assertThat(error.getString("message")).isEqualTo("Invalid URL (GET " + uri + ")");
        assertThat(error.getString("type")).isEqualTo("invalid_request_error");
    }

    @Test
    void onlyGetAndHeadAreSentAway() throws Exception {
        Map<String, String> headers = Map.of("Host", "slave.example.com");

        assertThat(send(HttpMethod.HEAD, elsewhere, "/", headers).status()).isEqualTo(302);
        assertThat(send(HttpMethod.POST, elsewhere, "/", headers).status()).isNotEqualTo(302);
        assertThat(get(elsewhere, "/api/status", headers).body()).isEqualTo("the API");
    }

    private record Answer(int status, Map<String, String> headers, String body) {

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    private static Answer get(int port, String uri, Map<String, String> headers) throws Exception {
        return send(HttpMethod.GET, port, uri, headers);
    }

    private static Answer send(HttpMethod method, int port, String uri, Map<String, String> headers) throws Exception {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(uri)
                .setFollowRedirects(false);
        headers.forEach(options::putHeader);
        return await(VERTX.createHttpClient()
                .request(options)
                .compose(request -> request.send().compose(FrontendRedirectTest::read)));
    }

    private static Future<Answer> read(HttpClientResponse response) {
        Map<String, String> headers = new HashMap<>();
        response.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        return response.body().map(body -> new Answer(response.statusCode(), headers, body.toString()));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
