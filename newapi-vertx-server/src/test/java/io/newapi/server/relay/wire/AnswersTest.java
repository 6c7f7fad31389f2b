package io.newapi.server.relay.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole answers, usage, errors and model lists. */
class AnswersTest {

    private static final String CHOICES = "\"choices\":[{\"message\":{\"content\":\"Hello\"}}]";

    private static AnswerFacts read(String body) {
        return ChatAnswer.read(body.getBytes(UTF_8), "m", CompletionCount.WITH_REASONING);
    }

    private static Usage usage(String json) {
        Usage usage = read("{" + CHOICES + ",\"usage\":" + json + "}").usage();
        if (usage == null) {
            throw new AssertionError("no usage in " + json);
        }
        return usage;
    }

    // ---- usage ----

    @Test
    void openAisCacheIsPartOfThePrompt() {
        Usage usage = usage("{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":60,\"image_tokens\":5,\"audio_tokens\":0}}");

        assertThat(usage).isEqualTo(Usage.of(100, 20).withCachedTokens(60).withImageTokens(5));
    }

    @Test
    void deepSeeksCacheHitsAreRead() {
        assertThat(usage("{\"prompt_tokens\":100,\"completion_tokens\":20,\"prompt_cache_hit_tokens\":64,"
                        + "\"prompt_cache_miss_tokens\":36}"))
                .isEqualTo(Usage.of(100, 20).withCachedTokens(64));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"cached_tokens\":7", "\"input_tokens_details\":{\"cached_tokens\":7}"})
    void zhipusCachedTokensAreReadWhereverTheyStand(String field) {
        assertThat(usage("{\"prompt_tokens\":10,\"completion_tokens\":2," + field + "}"))
                .isEqualTo(Usage.of(10, 2).withCachedTokens(7));
    }

    @Test
    void anthropicsNamesSayThatTheCacheIsNotInThePrompt() {
        Usage usage = usage("{\"input_tokens\":10,\"output_tokens\":2,\"cache_read_input_tokens\":30,"
                + "\"cache_creation_input_tokens\":40,"
                + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":15,\"ephemeral_1h_input_tokens\":25}}");

        assertThat(usage)
                .isEqualTo(Usage.of(10, 2)
                        .withCachedTokens(30)
                        .withCacheWriteTokens(40)
                        .withCacheWriteSplit(15, 25)
                        .withSemantics(UsageSemantics.ANTHROPIC));
    }

    @Test
    void inputAndOutputAloneAreCountedAsOpenAiDoes() {
        assertThat(usage("{\"input_tokens\":10,\"output_tokens\":2}")).isEqualTo(Usage.of(10, 2));
    }

    @ParameterizedTest
    @CsvSource({"-5, 0", "0, 0", "12.0, 12", "12.9, 12", "1e3, 1000", "9007199254740991, 9007199254740991"})
    void numbersAreReadAsTheyAreMeant(String number, long count) {
        assertThat(usage("{\"prompt_tokens\":" + number + ",\"completion_tokens\":1}")
                        .promptTokens())
                .isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9007199254740992", "99999999999999999999999999999999", "1e999999999", "1e300"})
    void numbersThatNoCallCanHaveAreCutToTheLargest(String number) {
        assertThat(usage("{\"prompt_tokens\":" + number + ",\"completion_tokens\":1}")
                        .promptTokens())
                .isEqualTo(Usage.MAX_COUNT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "{\"total_tokens\":7}", "{\"prompt_tokens\":\"7\"}", "[1]"})
    void aUsageWithoutCountsIsNone(String usage) {
        assertThat(read("{\"usage\":" + usage + "," + CHOICES + "}").usage()).isNull();
    }

    // ---- whole answers ----

    @Test
    void anAnswerWithoutUsageIsEstimated() {
        AnswerFacts answer = read("{" + CHOICES + "}");

        assertThat(answer.readable()).isTrue();
        assertThat(answer.metered(9).estimated()).isTrue();
        assertThat(answer.metered(9).usage().promptTokens()).isEqualTo(9);
        assertThat(answer.metered(9).usage().completionTokens()).isPositive();
    }

    @Test
    void zeroThatIsReportedIsNotReplacedByAnEstimate() {
        assertThat(read("{" + CHOICES + ",\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}}")
                        .metered(9))
                .isEqualTo(new MeteredUsage(Usage.of(0, 0), false));
    }

    @Test
    void anErrorBesideNoChoicesIsAnError() {
        assertThat(read("{\"error\":{\"message\":\"x\"}}").error()).isTrue();
        assertThat(read("{\"error\":null," + CHOICES + "}").error()).isFalse();
        assertThat(read("{\"error\":{\"message\":\"x\"}," + CHOICES + "}").error())
                .isFalse();
        assertThat(read("{\"error\":{\"message\":\"x\"},\"choices\":[]}").error())
                .isTrue();
        assertThat(read("{\"choices\":null,\"error\":\"x\"}").error()).isTrue();
        assertThat(read("{\"choices\":[],\"error\":{}}").error()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "<html>", "{\"choices\":[{\"message\"", "{\"a\":1"})
    void whatIsNoJsonObjectIsNotReadable(String body) {
        assertThat(read(body).readable()).isFalse();
    }

    // ---- errors ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"code\":\"c\",\"param\":\"p\"}}|no|t|c|p",
                "{\"error\":{\"message\":\"no\",\"code\":null}}|no|upstream_error|unknown_error|''",
                "{\"error\":{\"message\":\"no\",\"code\":429}}|no|upstream_error|429|''",
                "{\"error\":\"no\"}|no|upstream_error|bad_response_status_code|''",
                "{\"message\":\"no\"}|no|upstream_error|bad_response_status_code|''",
                "{\"msg\":\"no\"}|no|upstream_error|bad_response_status_code|''",
                "{\"err\":\"no\"}|no|upstream_error|bad_response_status_code|''",
                "{\"error_msg\":\"no\"}|no|upstream_error|bad_response_status_code|''",
                "{\"header\":{\"message\":\"no\"}}|no|upstream_error|bad_response_status_code|''",
                "{\"response\":{\"error\":{\"message\":\"no\"}}}|no|upstream_error|bad_response_status_code|''",
                "data: {\"error\":{\"message\":\"no\"}}|no|upstream_error|unknown_error|''",
                "<html>|the upstream answered with status 418|upstream_error|bad_response_status_code|''",
                "{\"error\":{\"message\":\"no\"},|no|upstream_error|unknown_error|''",
            })
    void whatAnUpstreamSaysIsFound(String body, String message, String type, String code, String param) {
        RelayError error = UpstreamErrors.read(502, 418, body.getBytes(UTF_8), List.of());

        assertThat(error).isEqualTo(new RelayError(502, type, code, param, message, 0));
    }

    @Test
    void anErrorOfManyFieldsIsReadInPart() {
        StringBuilder body = new StringBuilder("{\"error\":{\"message\":\"no\"}");
        for (int i = 0; i < 100_000; i++) {
            body.append(",\"f").append(i).append("\":1");
        }

        assertThat(UpstreamErrors.read(500, 500, body.append('}').toString().getBytes(UTF_8), List.of())
                        .message())
                .isEqualTo("no");
    }

    @ParameterizedTest
    @CsvSource({"429, 429", "\"503\", 503", "200, 502", "\"abc\", 502", "4290, 502", "\"4x9\", 502"})
    void theStatusThatAnErrorNamesIsUsed(String code, int status) {
        byte[] body = ("{\"error\":{\"message\":\"no\",\"code\":" + code + "}}").getBytes(UTF_8);

        assertThat(UpstreamErrors.statusIn(body, 502)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "see https://user:pw@api.example.com:8443/v1?key=abc now|see https://*** now",
                "from 10.20.30.40:443|from ***.***.***.***:443",
                "dial tcp [2001:db8::1]:443|dial tcp [***]:443",
                "at my-host.internal.example.com|at ***.com",
                "at llm-7.prod.svc.cluster.local:80|at ***.local:80",
                "at gateway.internal|at ***.internal",
                "at api.provider.de, api.example.edu|at ***.de, ***.edu",
                "messages.0.id and tools.0.function.name|messages.0.id and tools.0.function.name",
                "key sk-abcDEF1234567890 is bad|key sk-*** is bad",
                "Bearer abcdefghijkl|Bearer ***",
                "Incorrect API key provided|Incorrect API key provided",
                "model gpt-4.1 has 3.5 words|model gpt-4.1 has 3.5 words",
            })
    void addressesAndKeysAreTakenOut(String text, String masked) {
        assertThat(Masking.mask(text)).isEqualTo(masked);
    }

    @Test
    void aLongMessageIsCut() {
        assertThat(Masking.mask("x".repeat(1_000_000))).hasSize(4096);
    }

    @Test
    void whatIsKnownToBeSecretIsTakenOutInAnyCase() {
        byte[] body = "{\"error\":{\"code\":\"at-MY-HOST\",\"message\":\"my-host says $1 of abc\"}}".getBytes(UTF_8);

        RelayError error = UpstreamErrors.read(500, 500, body, List.of("my-host", "", "abc"));

        assertThat(error.code()).isEqualTo("at-***");
        assertThat(error.message())
                .as("too short to be a secret, and to be missed by accident")
                .isEqualTo("*** says $1 of abc");
    }

    @ParameterizedTest
    @CsvSource({"total_tokens, 40", "no_total, 4"})
    void reasoningThatIsInTheTotalOnlyCounts(String total, long completion) {
        String body = "{\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":4,\"" + total + "\":50}," + CHOICES + "}";

        AnswerFacts answer = ChatAnswer.read(body.getBytes(UTF_8), "m", CompletionCount.REASONING_IN_TOTAL);

        assertThat(answer.usage()).isEqualTo(Usage.of(10, completion));
    }

    @Test
    void anErrorCarriesTheRequestsIdAndIsJson() {
        RelayError error = RelayError.badRequest("code\"", "param", "line\nbreak \"quoted\" \u0001");

        JsonObject body = error.body(ClientFormat.OPENAI, "id1").toJsonObject().getJsonObject("error");
        assertThat(body.getString("message")).isEqualTo("line\nbreak \"quoted\" \u0001 (request id: id1)");
        assertThat(body.getString("type")).isEqualTo("invalid_request_error");
        assertThat(body.getString("code")).isEqualTo("code\"");
        assertThat(body.getString("param")).isEqualTo("param");
        assertThat(error.event(ClientFormat.OPENAI, "id1").toString())
                .startsWith("data: {")
                .endsWith("}\n\n")
                .doesNotContain("line\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 399, 600, 0})
    void anErrorHasTheStatusOfAnError(int status) {
        assertThatThrownBy(() -> RelayError.own(status, "", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(status));
    }

    @Test
    void anErrorIsSaidInTheClientsFormat() {
        RelayError error = RelayError.own(403, "access_denied", "no");

        assertThat(error.body(ClientFormat.ANTHROPIC, "id1").toJsonObject())
                .isEqualTo(new JsonObject("{\"type\":\"error\",\"error\":{\"type\":\"permission_error\","
                        + "\"message\":\"no (request id: id1)\"}}"));
        assertThat(error.body(ClientFormat.GEMINI, "id1").toJsonObject())
                .isEqualTo(new JsonObject("{\"error\":{\"code\":403,\"message\":\"no (request id: id1)\","
                        + "\"status\":\"PERMISSION_DENIED\"}}"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, INVALID_ARGUMENT",
        "401, authentication_error, UNAUTHENTICATED",
        "404, not_found_error, NOT_FOUND",
        "413, request_too_large, INVALID_ARGUMENT",
        "429, rate_limit_error, RESOURCE_EXHAUSTED",
        "500, api_error, INTERNAL",
        "503, overloaded_error, UNAVAILABLE",
        "504, api_error, DEADLINE_EXCEEDED"
    })
    void aStatusHasItsNameInEachFormat(int status, String anthropic, String google) {
        RelayError error = RelayError.own(status, "", "no");

        assertThat(error.body(ClientFormat.ANTHROPIC, "x").toString()).contains('"' + anthropic + '"');
        assertThat(error.body(ClientFormat.GEMINI, "x").toString()).contains('"' + google + '"');
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, key=x, true, true, OPENAI",
        "/v1/messages, '', false, false, ANTHROPIC",
        "/v1beta/models, '', false, false, GEMINI",
        "/v1beta/openai/models, '', false, false, OPENAI",
        "/v1/models, '', false, false, OPENAI",
        "/v1/models, key=x, true, false, ANTHROPIC",
        "/v1/models/m, '', false, true, GEMINI",
        "/v1/models, a=b&key=%zz, false, false, GEMINI",
        "/v1/models, monkey=x, false, false, OPENAI"
    })
    void theFormatIsDecidedByThePathAndForModelsByWhatIsSent(
            String path, String query, boolean anthropic, boolean google, ClientFormat format) {
        assertThat(ClientFormat.of(path, query, anthropic, google)).isEqualTo(format);
    }

    // ---- model lists ----

    @Test
    void modelsAreListedInEachFormat() {
        TreeMap<String, List<String>> models =
                new TreeMap<>(Map.of("b", List.of("openai"), "a\"x", List.of("anthropic", "openai")));

        JsonObject openAi = ModelNames.OPENAI.list(models).toJsonObject();
        assertThat(openAi.getBoolean("success")).isTrue();
        assertThat(openAi.getJsonArray("data").getJsonObject(0).getString("id")).isEqualTo("a\"x");
        assertThat(openAi.getJsonArray("data").getJsonObject(0).getJsonArray("supported_endpoint_types"))
                .containsExactly("anthropic", "openai");
        JsonObject anthropic = ModelNames.ANTHROPIC.list(models).toJsonObject();
        assertThat(anthropic.getString("first_id")).isEqualTo("a\"x");
        assertThat(anthropic.getString("last_id")).isEqualTo("b");
        JsonObject gemini = ModelNames.GEMINI.list(models).toJsonObject();
        assertThat(gemini.getJsonArray("models").getJsonObject(1).getString("name"))
                .isEqualTo("models/b");
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-pro, generateContent streamGenerateContent countTokens",
        "gemini-embedding-001, embedContent batchEmbedContents",
        "dall-e-3, ''"
    })
    void googlesClientsAreToldWhatAModelDoes(String model, String methods) {
        assertThat(ModelNames.GEMINI.single(model, List.of()).toJsonObject().getJsonArray("supportedGenerationMethods"))
                .containsExactlyElementsOf(methods.isEmpty() ? List.of() : List.of(methods.split(" ", -1)));
    }

    @Test
    void anEmptyListHasNoFirst() {
        assertThat(ModelNames.ANTHROPIC.list(new TreeMap<>()).toJsonObject())
                .isEqualTo(new JsonObject("{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}"));
    }

    @Test
    void oneModelIsItselfInEachFormat() {
        assertThat(ModelNames.OPENAI
                        .single("m", List.of("openai"))
                        .toJsonObject()
                        .getString("object"))
                .isEqualTo("model");
        assertThat(ModelNames.ANTHROPIC
                        .single("m", List.of("openai"))
                        .toJsonObject()
                        .getString("type"))
                .isEqualTo("model");
        assertThat(ModelNames.GEMINI
                        .single("m", List.of("openai"))
                        .toJsonObject()
                        .getString("name"))
                .isEqualTo("models/m");
    }
}
