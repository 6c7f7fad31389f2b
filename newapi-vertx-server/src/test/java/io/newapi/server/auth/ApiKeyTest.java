package io.newapi.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {

    private static final String KEY = "abcDEF0123456789abcDEF0123456789abcDEF0123456789";

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "Bearer   ", ""})
    void theAuthorizationHeaderMayCarryBearerInAnyCase(String prefix) {
        assertThat(read("/v1/chat/completions", "Authorization", prefix + "sk-" + KEY))
                .isEqualTo(KEY);
        assertThat(read("/v1/chat/completions", "Authorization", prefix + KEY)).isEqualTo(KEY);
    }

    @Test
    void theSecondPartPinsAChannelAndFurtherPartsAreIgnored() {
        ApiKey key = ApiKey.parse("sk-" + KEY + "-17-x-y").orElseThrow();

        assertThat(key.key()).isEqualTo(KEY);
        assertThat(key.pinnedChannel()).isEqualTo(OptionalLong.of(17));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "", "-1", "99999999999999999999"})
    void aSuffixThatIsNoNumberPinsToNoExistingChannel(String suffix) {
        assertThat(ApiKey.parse("sk-" + KEY + "-" + suffix).orElseThrow().pinnedChannel())
                .isEqualTo(OptionalLong.of(0));
    }

    @Test
    void onlyOnePrefixIsRemoved() {
        assertThat(ApiKey.parse("sk-sk-" + KEY).orElseThrow().key()).isEqualTo("sk");
    }

    @Test
    void anAnthropicPathTakesTheKeyFromItsOwnHeader() {
        assertThat(read("/v1/messages", "x-api-key", "sk-" + KEY)).isEqualTo(KEY);
        assertThat(read("/v1/models", "x-api-key", "sk-" + KEY)).isEqualTo(KEY);
        assertThat(read("/v1/messages", "x-api-key", KEY, "Authorization", "Bearer other"))
                .isEqualTo(KEY);
        assertThat(read("/v1/chat/completions", "x-api-key", KEY)).isEmpty();
    }

    @Test
    void aGeminiPathTakesTheKeyFromTheQueryAndRatherFromItsHeader() {
        MultiMap query = MultiMap.caseInsensitiveMultiMap().set("key", "fromQuery");
        MultiMap none = MultiMap.caseInsensitiveMultiMap();
        MultiMap header = MultiMap.caseInsensitiveMultiMap().set("x-goog-api-key", "fromHeader");

        assertThat(ApiKey.read("/v1beta/models/gemini:generateContent", none, query))
                .hasValueSatisfying(key -> assertThat(key.key()).isEqualTo("fromQuery"));
        assertThat(ApiKey.read("/v1beta/models/gemini:generateContent", header, query))
                .hasValueSatisfying(key -> assertThat(key.key()).isEqualTo("fromHeader"));
        assertThat(ApiKey.read("/v1/models", none, query))
                .hasValueSatisfying(key -> assertThat(key.key()).isEqualTo("fromQuery"));
        assertThat(ApiKey.read("/v1/models", header, none))
                .hasValueSatisfying(key -> assertThat(key.key()).isEqualTo("fromHeader"));
        assertThat(ApiKey.read("/v1/chat/completions", header, query)).isEmpty();
    }

    @Test
    void aWebSocketClientPutsTheKeyIntoItsProtocols() {
        assertThat(read(
                        "/v1/realtime",
                        "Sec-WebSocket-Protocol",
                        "realtime, openai-insecure-api-key.sk-" + KEY + ", openai-beta.realtime-v1"))
                .isEqualTo(KEY);
        assertThat(read("/v1/realtime", "Sec-WebSocket-Protocol", "sk-" + KEY)).isEqualTo(KEY);
        assertThat(read("/v1/realtime", "Sec-WebSocket-Protocol", "realtime", "Authorization", "Bearer " + KEY))
                .isEqualTo(KEY);
    }

    @Test
    void theMidjourneyHeaderCountsWhenNothingElseIsThere() {
        assertThat(read("/mj/submit/imagine", "mj-api-secret", "Bearer sk-" + KEY))
                .isEqualTo(KEY);
        assertThat(read("/mj/submit/imagine", "Authorization", "Bearer midjourney-proxy", "mj-api-secret", KEY))
                .isEqualTo(KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer ", "sk-", "-5", "Bearer sk--5"})
    void anEmptyKeyIsNoKey(String header) {
        assertThat(read("/v1/chat/completions", "Authorization", header)).isEmpty();
    }

    @Test
    void anOverlongKeyIsNoKey() {
        assertThat(ApiKey.parse("a".repeat(ApiKey.MAX_LENGTH))).isPresent();
        assertThat(ApiKey.parse("a".repeat(ApiKey.MAX_LENGTH + 1))).isEmpty();
    }

    @Test
    void theKeyIsNotInTheTextForm() {
        assertThat(ApiKey.parse("sk-" + KEY + "-3").orElseThrow().toString())
                .doesNotContain(KEY)
                .contains("3");
    }

    private static String read(String path, String... headers) {
        MultiMap map = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            map.set(headers[i], headers[i + 1]);
        }
        return ApiKey.read(path, map, MultiMap.caseInsensitiveMultiMap())
                .map(ApiKey::key)
                .orElse("");
    }
}
