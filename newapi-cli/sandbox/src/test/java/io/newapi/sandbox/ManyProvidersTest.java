package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each provider's paths, keys and errors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ManyProvidersTest {

    private static final JsonObject CHAT = Caller.saying("x");
    private static final JsonObject GEMINI = new JsonObject("{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]}");

    private Sandbox sandbox;
    private Caller caller;

    @BeforeAll
    void start() {
        sandbox = Sandbox.start(SandboxOptions.DEFAULTS.withKey("right")).await();
        caller = new Caller(sandbox);
    }

    @AfterAll
    void stop() {
        sandbox.close().await();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, Authorization, Bearer right, 200",
        "/v1/chat/completions, x-api-key, right, 401",
        "/openai/deployments/d/chat/completions?api-version=1, api-key, right, 200",
        "/openai/deployments/d/chat/completions?api-version=1, Authorization, Bearer right, 200",
        "/openai/deployments/d/chat/completions?api-version=1, api-key, wrong, 401",
        "/openai/deployments/d/chat/completions, api-key, right, 404",
        "/openai/v1/chat/completions, api-key, right, 200",
        "/v1/messages, x-api-key, right, 200",
        "/v1/messages, Authorization, Bearer right, 401",
        "/v1beta/models/g:generateContent, x-goog-api-key, right, 200",
        "/v1beta/models/g:generateContent, x-goog-api-key, wrong, 400",
        "/v1beta/models/g:generateContent, Authorization, Bearer right, 403",
        "/v1beta/models/g:generateContent?key=right, X-Mark, 1, 200",
    })
    void aKeyIsTakenInItsPlace(String path, String header, String value, int status) {
        JsonObject body = path.startsWith("/v1beta") ? GEMINI : CHAT.copy().put("max_tokens", 9);

        HttpResponse<String> answer = caller.post(path, body, header, value, "anthropic-version", "2023-06-01");

        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void aDeploymentIsTheModel() {
        JsonObject body = CHAT.copy();
        body.remove("model");

        String answer = caller.post(
                        "/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21",
                        body, "api-key", "right")
                .body();

        assertThat(new JsonObject(answer).getString("model")).isEqualTo("my gpt");
    }

    @Test
    void azureAnswersResponses() {
        JsonObject body = new JsonObject("{\"model\":\"d\",\"input\":\"x\"}");

        assertThat(List.of(
                        caller.post("/openai/v1/responses", body, "api-key", "right")
                                .statusCode(),
                        caller.post("/openai/responses?api-version=preview", body, "api-key", "right")
                                .statusCode()))
                .containsExactly(200, 200);
    }

    @Test
    void modelsAreListedInEachProvidersForm() {
        assertThat(caller.get("/v1/models", "Authorization", "Bearer right")).startsWith("{\"object\":\"list\"");
        assertThat(caller.get("/v1/models/gpt-4o", "Authorization", "Bearer right"))
                .startsWith("{\"id\":\"gpt-4o\"");
        assertThat(caller.get("/v1/models", "x-api-key", "right", "anthropic-version", "2023-06-01"))
                .contains("\"display_name\":\"gpt-4o\"", "\"has_more\":false");
        assertThat(caller.get("/v1beta/models", "x-goog-api-key", "right")).contains("\"name\":\"models/gpt-4o\"");
    }

    @Test
    void errorsHaveEachProvidersShape() {
        assertThat(caller.post("/v1/messages", CHAT).body())
                .contains("\"type\":\"error\"", "\"authentication_error\"", "x-api-key header is required");
        assertThat(caller.post("/v1beta/models/g:generateContent", GEMINI).body())
                .contains("\"code\":403", "\"status\":\"PERMISSION_DENIED\"");
        assertThat(caller.post("/openai/deployments/d/chat/completions?api-version=1", CHAT)
                        .body())
                .contains("{\"error\":{\"code\":\"401\",\"message\":\"Access denied");
    }

    @Test
    void aKeyInThePathIsNotRemembered() {
        caller.post("/v1beta/models/g:generateContent?alt=sse&key=right", GEMINI);

        String remembered =
                sandbox.requests().get(sandbox.requests().size() - 1).path();

        assertThat(remembered).isEqualTo("/v1beta/models/g:generateContent?alt=sse&key=" + Fingerprint.of("right"));
    }

    @Test
    void aModelsNameMayCarryWishes() {
        JsonObject body = CHAT.copy().put("model", "m!status=429!retry_after=7");

        HttpResponse<String> refused = caller.chat(body, "Authorization", "Bearer right");
        HttpResponse<String> broken =
                caller.post("/v1beta/models/g!status:503:generateContent", GEMINI, "x-goog-api-key", "right");
        HttpResponse<String> misspelt =
                caller.chat(CHAT.copy().put("model", "m!statuss:1"), "Authorization", "Bearer right");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("7");
        assertThat(broken.statusCode()).isEqualTo(503);
        assertThat(misspelt.statusCode()).isEqualTo(400);
    }
}
