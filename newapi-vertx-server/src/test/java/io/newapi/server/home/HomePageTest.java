package io.newapi.server.home;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HomePageTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Vertx VERTX = Vertx.vertx();
    private static int port;

    @BeforeAll
    static void serve() throws Exception {
        Router router = Router.router(VERTX);
        new HomePage("1.2.3 <test>").mount(router);
        HttpServer server = VERTX.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        port = server.actualPort();
    }

    @AfterAll
    static void stop() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({"/, text/html; charset=utf-8", "/home.js, text/javascript; charset=utf-8", "/favicon.svg, image/svg+xml"
    })
    void eachFileIsServedWithItsTypeAndAStrictPolicy(String path, String type) throws Exception {
        HttpResponse<String> response = send("GET", path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-type")).isEqualTo(type);
        assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(header(response, "cache-control")).isEqualTo("no-cache");
        assertThat(header(response, "content-security-policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'sha256-")
                .doesNotContain("unsafe");
        assertThat(response.body()).isNotBlank();
    }

    @Test
    void everyLinkOfThePageToTheManualLeadsToIt() throws Exception {
        Matcher links = Pattern.compile("href=\"(docs/[^\"]+)\"")
                .matcher(send("GET", "/").body());
        int count = 0;
        for (; links.find(); count++) {
            HttpResponse<String> response = send("GET", "/" + links.group(1));
            assertThat(response.statusCode()).as(links.group(1)).isEqualTo(200);
            assertThat(header(response, "content-type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(response.body()).startsWith("# ");
        }
        assertThat(count).isEqualTo(6);
    }

    @Test
    void thePageShowsTheVersionAsText() throws Exception {
        assertThat(send("GET", "/").body()).contains(">1.2.3 &lt;test&gt;<").doesNotContain("{{");
    }

    @Test
    void thePolicyAllowsThePagesOwnStyle() throws Exception {
        HttpResponse<String> response = send("GET", "/");
        Matcher style = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL).matcher(response.body());

        assertThat(style.find()).isTrue();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.group(1).getBytes(StandardCharsets.UTF_8));
        assertThat(header(response, "content-security-policy"))
                .contains("style-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
    }

    @Test
    void thePageHasNothingThatThePolicyForbids() throws Exception {
        assertThat(send("GET", "/").body())
                .doesNotContainPattern("(?i)\\son[a-z]+=")
                .doesNotContainPattern("(?i)\\sstyle=")
                .doesNotContainPattern("(?i)(src|href)=\"(https?:)?//")
                .doesNotContainPattern("<script(?! src=)");
    }

    @Test
    void aBrowserThatHasTheFileIsToldSo() throws Exception {
        String tag = header(send("GET", "/"), "etag");

        HttpResponse<String> response = CLIENT.send(
                request("GET", "/").header("If-None-Match", tag).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void headHasTheLengthAndNoBody() throws Exception {
        HttpResponse<String> response = send("HEAD", "/");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Integer.parseInt(header(response, "content-length"))).isGreaterThan(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/index.html", "/home", "/api/status", "/v1/models", "/home.js.map"})
    void otherPathsAreLeftToOthers(String path) throws Exception {
        assertThat(send("GET", path).statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> send(String method, String path) throws Exception {
        return CLIENT.send(request(method, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
