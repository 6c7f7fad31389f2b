package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives at providers because of a model's name: what the options say of it, and what its ending asks for. */
class NamedModelsTest {

    private static final int OPENAI = 1;
    private static final int AZURE = 3;
    private static final int ANTHROPIC = 14;
    private static final int OPENROUTER = 20;
    private static final int GEMINI = 24;
    private static final int VOLCENGINE = 45;
    private static final int BAIDU = 46;
    private static final int XAI = 48;

    private static final String CHAT = "/v1/chat/completions";
    private static final String MESSAGES = "/v1/messages";
    private static final String RESPONSES = "/v1/responses";
    private static final String GENERATE = "/v1beta/models/" + Chat.MODEL + ":generateContent";

    private final RelayHarness relay = new RelayHarness();
    private final ScriptedUpstream upstream =
            ScriptedUpstream.start(relay.vertx, reply -> reply.json(400, "{\"error\":{\"message\":\"no\"}}"));

    @AfterEach
    void close() {
        relay.close();
    }

    /** What the upstream gets of a call of a model that it knows by this name. */
    private JsonObject asked(int type, String name, String path, JsonObject question) {
        relay.channel(upstream.url(), made -> made.type(type).modelMapping(Map.of(Chat.MODEL, name)));
        relay.start();
        try (RawClient client = relay.connect()) {
            assertThat(client.post(path, question.encode()).reply().status()).isEqualTo(400);
        }
        relay.finish();
        assertThat(upstream.bodies()).hasSize(1);
        return new JsonObject(upstream.bodies().get(0));
    }

    private String line() {
        return upstream.heads().get(0).lines().findFirst().orElseThrow();
    }

    private static JsonObject chat() {
        return new JsonObject()
                .put("model", Chat.MODEL)
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", "Hi")));
    }

    private static JsonObject contents() {
        JsonObject text = new JsonObject().put("text", "Hi");
        return new JsonObject()
                .put(
                        "contents",
                        new JsonArray()
                                .add(new JsonObject().put("role", "user").put("parts", new JsonArray().add(text))));
    }

    // ---- what Anthropic's and Google's models are told where the client says nothing

    @ParameterizedTest
    @CsvSource({"claude-3-5-haiku, 4000", "claude-3-opus, 2000"})
    void anAnswerWithoutALimitGetsTheOneOfItsModel(String model, int limit) {
        relay.option("claude.default_max_tokens", "{\"claude-3-5-haiku\":4000,\"default\":2000}");

        assertThat(asked(ANTHROPIC, model, CHAT, chat()).getInteger("max_tokens"))
                .isEqualTo(limit);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"max_tokens\":null}", "{\"max_tokens\":0}"})
    void soDoesOneThatIsAskedForInAnthropicsFormat(String limit) {
        relay.option("claude.default_max_tokens", "{\"default\":2000}");

        JsonObject body =
                asked(ANTHROPIC, "claude-3-opus", MESSAGES, chat().put("own", 1).mergeIn(new JsonObject(limit)));

        assertThat(body.getInteger("max_tokens")).isEqualTo(2000);
        assertThat(body.getInteger("own")).isEqualTo(1);
    }

    @Test
    void aClientsOwnLimitStays() {
        relay.option("claude.default_max_tokens", "{\"default\":2000}");

        assertThat(asked(ANTHROPIC, "claude-3-opus", MESSAGES, chat().put("max_tokens", 7))
                        .getInteger("max_tokens"))
                .isEqualTo(7);
    }

    @Test
    void anOptionWithoutADefaultLeavesTheUsualOne() {
        relay.option("claude.default_max_tokens", "{\"another\":1}");

        assertThat(asked(ANTHROPIC, "claude-3-opus", CHAT, chat()).getInteger("max_tokens"))
                .isEqualTo(8192);
    }

    @Test
    void thresholdsOfHarmAreThoseOfTheOption() {
        relay.option(
                "gemini.safety_settings", "{\"HARM_CATEGORY_HARASSMENT\":\"BLOCK_NONE\",\"default\":\"BLOCK_FEW\"}");

        assertThat(asked(GEMINI, "gemini-2.5-flash", CHAT, chat()).getJsonArray("safetySettings"))
                .containsExactlyInAnyOrder(
                        harm("HARASSMENT", "BLOCK_NONE"),
                        harm("HATE_SPEECH", "BLOCK_FEW"),
                        harm("SEXUALLY_EXPLICIT", "BLOCK_FEW"),
                        harm("DANGEROUS_CONTENT", "BLOCK_FEW"));
    }

    private static JsonObject harm(String category, String threshold) {
        return new JsonObject().put("category", "HARM_CATEGORY_" + category).put("threshold", threshold);
    }

    @Test
    void whoSpeaksGooglesFormatSetsThemAlone() {
        relay.option("gemini.safety_settings", "{\"default\":\"BLOCK_FEW\"}");

        assertThat(asked(GEMINI, "gemini-2.5-flash", GENERATE, contents())).isEqualTo(contents());
    }

    @ParameterizedTest
    @CsvSource({"gemini-1.0-pro, v1", "gemini-3-pro, v1alpha", "gemini-2.5-flash, v2"})
    void theAddressHasTheVersionOfTheModel(String model, String version) {
        relay.option(
                "gemini.version_settings",
                "{\"gemini-1.0-pro\":\"v1\",\"gemini-3-pro\":\"v1alpha\",\"default\":\"v2\"}");

        asked(GEMINI, model, GENERATE, contents());

        assertThat(line()).isEqualTo("POST /" + version + "/models/" + model + ":generateContent HTTP/1.1");
    }

    @Test
    void theVersionsOfTheOriginalCountUntilOthersAreSet() {
        asked(GEMINI, "gemini-1.0-pro", GENERATE, contents());

        assertThat(line()).startsWith("POST /v1/models/");
    }

    @Test
    void theVersionOfAzureIsTheClientsIfItNamesOne() {
        asked(AZURE, "gpt-4o", CHAT + "?api-version=2027-01-01", chat());

        assertThat(line()).contains("?api-version=2027-01-01 ");
    }

    // ---- what a name's ending asks for

    @ParameterizedTest
    @CsvSource({"gpt-5-high, gpt-5, high", "o3-minimal, o3, minimal", "gpt-5.1-none, gpt-5.1, none"})
    void aModelThatReasonsIsAskedForAnEffort(String name, String model, String effort) {
        JsonObject body =
                asked(OPENAI, name, CHAT, chat().put("reasoning_effort", "low").put("own", 1));

        assertThat(body.getString("model")).isEqualTo(model);
        assertThat(body.getString("reasoning_effort")).isEqualTo(effort);
        assertThat(body.getInteger("own")).isEqualTo(1);
    }

    @Test
    void soItIsInResponses() {
        JsonObject body = asked(
                OPENAI,
                "gpt-5-xhigh",
                RESPONSES,
                new JsonObject()
                        .put("model", Chat.MODEL)
                        .put("input", "Hi")
                        .put("reasoning", new JsonObject().put("summary", "auto")));

        assertThat(body.getString("model")).isEqualTo("gpt-5");
        assertThat(body.getJsonObject("reasoning"))
                .isEqualTo(new JsonObject().put("summary", "auto").put("effort", "xhigh"));
    }

    @Test
    void soItIsOfClientsOfOtherFormats() {
        JsonObject body = asked(OPENAI, "gpt-5-high", MESSAGES, chat().put("max_tokens", 100));

        assertThat(body.getString("model")).isEqualTo("gpt-5");
        assertThat(body.getString("reasoning_effort")).isEqualTo("high");
        assertThat(body.getInteger("max_completion_tokens")).isEqualTo(100);
    }

    @Test
    void aDeploymentIsCalledWithoutTheEnding() {
        asked(AZURE, "gpt-5-low", CHAT, chat());

        assertThat(line()).contains("/deployments/gpt-5/chat/completions?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"my-model-low", "gpt-4o-high", "openchat-high", "gpt-5-chat"})
    void anotherModelMayBeNamedSo(String name) {
        JsonObject body = asked(OPENAI, name, CHAT, chat());

        assertThat(body.getString("model")).isEqualTo(name);
        assertThat(body.containsKey("reasoning_effort")).isFalse();
    }

    @Test
    void aNameOfTheListOfExceptionsIsAllName() {
        relay.option("global.thinking_model_blacklist", "[\"gpt-5-high\"]");

        assertThat(asked(OPENAI, "gpt-5-high", CHAT, chat()).getString("model")).isEqualTo("gpt-5-high");
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES})
    void claudeThinksWithFourFifthsOfItsLimit(String path) {
        JsonObject body = asked(
                ANTHROPIC,
                "claude-sonnet-4-5-thinking",
                path,
                chat().put("max_tokens", 5000).put("top_p", 0.5).put("temperature", 0.2));

        assertThat(body.getString("model")).isEqualTo("claude-sonnet-4-5");
        assertThat(body.getInteger("max_tokens")).isEqualTo(5000);
        assertThat(body.getJsonObject("thinking"))
                .isEqualTo(new JsonObject().put("type", "enabled").put("budget_tokens", 4000));
        assertThat(body.getInteger("temperature", 1)).isEqualTo(1);
        assertThat(body.containsKey("top_p")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES})
    void thereIsRoomForTheLeastThatItThinks(String path) {
        relay.option("claude.thinking_adapter_budget_tokens_percentage", "0.1");

        JsonObject body = asked(ANTHROPIC, "claude-sonnet-4-5-thinking", path, chat().put("max_tokens", 100));

        assertThat(body.getInteger("max_tokens")).isEqualTo(1280);
        assertThat(body.getJsonObject("thinking").getInteger("budget_tokens")).isEqualTo(1024);
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES})
    void aLimitOfAModelMayBeNamedWithTheEnding(String path) {
        relay.option("claude.default_max_tokens", "{\"claude-sonnet-4-5-thinking\":20000,\"claude-sonnet-4-5\":2000}");

        JsonObject body = asked(ANTHROPIC, "claude-sonnet-4-5-thinking", path, chat());

        assertThat(body.getInteger("max_tokens")).isEqualTo(20_000);
        assertThat(body.getJsonObject("thinking").getInteger("budget_tokens")).isEqualTo(16_000);
    }

    @Test
    void whatAClientOfAnthropicsFormatSaysOfThinkingStays() {
        JsonObject said = new JsonObject().put("type", "disabled");

        JsonObject body = asked(
                ANTHROPIC,
                "claude-sonnet-4-5-thinking",
                MESSAGES,
                chat().put("max_tokens", 100).put("thinking", said));

        assertThat(body.getString("model")).isEqualTo("claude-sonnet-4-5");
        assertThat(body.getJsonObject("thinking")).isEqualTo(said);
        assertThat(body.getInteger("max_tokens")).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES})
    void withTheOptionOffTheEndingIsAPartOfTheName(String path) {
        relay.option("claude.thinking_adapter_enabled", "false");

        JsonObject body = asked(ANTHROPIC, "claude-sonnet-4-5-thinking", path, chat().put("max_tokens", 100));

        assertThat(body.getString("model")).isEqualTo("claude-sonnet-4-5-thinking");
        assertThat(body.containsKey("thinking")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES})
    void aNewerClaudeTakesWords(String path) {
        JsonObject body = asked(
                ANTHROPIC,
                "claude-opus-4-7-xhigh",
                path,
                chat().put("max_tokens", 100).put("top_p", 0.5));

        assertThat(body.getString("model")).isEqualTo("claude-opus-4-7");
        assertThat(body.getJsonObject("thinking"))
                .isEqualTo(new JsonObject().put("type", "adaptive").put("display", "summarized"));
        assertThat(body.getJsonObject("output_config").getString("effort")).isEqualTo("xhigh");
        assertThat(body.getInteger("max_tokens")).isEqualTo(100);
        assertThat(body.containsKey("top_p")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES})
    void aNewerClaudeThinksAsMuchAsItLikes(String path) {
        JsonObject body = asked(ANTHROPIC, "claude-opus-4-6-thinking", path, chat().put("max_tokens", 100));

        assertThat(body.getString("model")).isEqualTo("claude-opus-4-6");
        assertThat(body.getJsonObject("thinking").getString("type")).isEqualTo("adaptive");
    }

    private JsonObject thinkingConfig(String name, String path, int limit, String effort) {
        relay.option("gemini.thinking_adapter_enabled", "true");
        JsonObject question = path.equals(CHAT) ? chat() : contents();
        if (path.equals(CHAT)) {
            question.mergeIn(limit > 0 ? new JsonObject().put("max_tokens", limit) : new JsonObject());
            question.mergeIn(effort.isEmpty() ? new JsonObject() : new JsonObject().put("reasoning_effort", effort));
        } else if (limit > 0) {
            question.put("generation_config", new JsonObject().put("max_output_tokens", limit));
        }
        JsonObject body = asked(GEMINI, name, path, question);
        JsonObject generation = body.getJsonObject("generationConfig", body.getJsonObject("generation_config"));
        return generation.getJsonObject("thinkingConfig");
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash-thinking-2048, 0, 2048",
        "gemini-2.5-flash-lite-thinking-1, 0, 512",
        "gemini-2.5-pro-thinking-99999, 0, 32768",
        "gemini-2.5-flash-thinking, 1000, 600",
        "gemini-2.5-flash-lite-thinking, 100, 512"
    })
    void geminiThinksWithinABudget(String name, int limit, int budget) {
        JsonObject wanted = new JsonObject().put("thinkingBudget", budget).put("includeThoughts", true);

        assertThat(thinkingConfig(name, GENERATE, limit, "")).isEqualTo(wanted);
        assertThat(line()).contains("/models/" + name.substring(0, name.indexOf("-thinking")) + ":");
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash-thinking-2048, 0, high, 2048",
        "gemini-2.5-flash-thinking, 1000, high, 600",
        "gemini-2.5-flash-thinking, 0, high, 19660",
        "gemini-2.5-pro-thinking, 0, low, 6553"
    })
    void soItDoesForClientsOfOtherFormats(String name, int limit, String effort, int budget) {
        JsonObject wanted = new JsonObject().put("thinkingBudget", budget).put("includeThoughts", true);

        assertThat(thinkingConfig(name, CHAT, limit, effort)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gemini-2.5-flash-thinking", "gemini-2.5-pro-preview-05-06-thinking", "gemini-3-pro-thinking"})
    void whoCannotBeToldHowMuchShowsItsThoughts(String name) {
        assertThat(thinkingConfig(name, GENERATE, name.contains("flash") ? 0 : 1000, ""))
                .isEqualTo(new JsonObject().put("includeThoughts", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, GENERATE})
    void geminiDoesNotThinkIfItsNameSaysSo(String path) {
        assertThat(thinkingConfig("gemini-2.5-flash-nothinking", path, 10, ""))
                .isEqualTo(new JsonObject().put("thinkingBudget", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, GENERATE})
    void aNewerGeminiThinksOnALevel(String path) {
        assertThat(thinkingConfig("gemini-3-pro-high", path, 10, ""))
                .isEqualTo(new JsonObject().put("thinkingLevel", "HIGH").put("includeThoughts", true));
    }

    @Test
    void whatAClientOfGooglesFormatSaysOfThinkingStays() {
        relay.option("gemini.thinking_adapter_enabled", "true");
        JsonObject question = contents()
                .put(
                        "generationConfig",
                        new JsonObject().put("thinkingConfig", new JsonObject().put("thinkingBudget", 7)));

        assertThat(asked(GEMINI, "gemini-2.5-flash-thinking", GENERATE, question))
                .isEqualTo(question);
        assertThat(line()).contains("/models/gemini-2.5-flash:");
    }

    @Test
    void geminisEndingsAreNamesUntilTheOptionIsOn() {
        assertThat(asked(GEMINI, "gemini-2.5-flash-thinking", GENERATE, contents()))
                .isEqualTo(contents());
        assertThat(line()).contains("/models/gemini-2.5-flash-thinking:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "20 | vendor/some-thinking | vendor/some | {\"reasoning\":{\"enabled\":true,\"effort\":\"low\"}}",
                "45 | deepseek-v3-thinking | deepseek-v3 | {\"reasoning_effort\":\"low\",\"thinking\":{\"type\":\"enabled\"}}",
                "48 | grok-3-mini-high     | grok-3-mini | {\"reasoning_effort\":\"high\"}",
                "48 | grok-4-search        | grok-4      | {\"reasoning_effort\":\"low\",\"search_parameters\":{\"mode\":\"on\"}}"
            })
    void otherVendorsHaveWaysOfTheirOwn(int type, String name, String model, String added) {
        JsonObject body = asked(type, name, CHAT, chat().put("reasoning_effort", "low"));

        assertThat(body).isEqualTo(chat().put("model", model).mergeIn(new JsonObject(added)));
    }

    @Test
    void baiduSearchesTheWeb() {
        assertThat(asked(BAIDU, "ernie-4-search", CHAT, chat())
                        .getJsonObject("web_search")
                        .getBoolean("enable"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        OPENROUTER + ", kimi-k2-thinking",
        VOLCENGINE + ", other-thinking",
        XAI + ", grok-4-high",
        OPENAI + ", qwen-thinking"
    })
    void theirOtherNamesAreNames(int type, String name) {
        assertThat(asked(type, name, CHAT, chat())).isEqualTo(chat().put("model", name));
    }
}
