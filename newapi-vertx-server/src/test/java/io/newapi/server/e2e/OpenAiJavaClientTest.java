package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.BY_RATIO;
import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static io.newapi.server.e2e.DataDirectory.UNPRICED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.models.Model;
import io.newapi.core.estimate.TextEstimator;
import io.newapi.sandbox.Outcome;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node as the official OpenAI client for Java sees it. */
class OpenAiJavaClientTest {

    @TempDir
    static Path path;

    private static ClientStage stage;
    private static OpenAIClient client;

    @BeforeAll
    static void open() {
        stage = new ClientStage(path);
        client = clientWith(stage.key().text());
    }

    @AfterAll
    static void close() {
        try (ClientStage closing = stage) {
            client.close();
            closing.finish();
        }
    }

    @Test
    void aChatIsAnsweredAndCharged() {
        Answered answered = answer(ask(BY_RATIO, "Hello node"));
        ChatCompletion completion = answered.completion();

        assertThat(textOf(completion)).isEqualTo("Echo: Hello node");
        assertThat(finishReasonOf(completion)).isEqualTo("stop");
        CompletionUsage usage = completion.usage().orElseThrow();
        Charged charge = stage.charge(answered.requestId());
        assertThat(charge.promptTokens()).isEqualTo(usage.promptTokens());
        assertThat(charge.completionTokens()).isEqualTo(usage.completionTokens());
        assertThat(charge.quota()).isEqualTo(usage.promptTokens() + 2 * usage.completionTokens());
        assertThat(charge.stream()).isFalse();
    }

    @Test
    void aChatWithAPricePerCallCostsThatPrice() {
        Answered answered = answer(ask(PER_CALL, "Hello node"));

        assertThat(textOf(answered.completion())).isEqualTo("Echo: Hello node");
        assertThat(stage.charge(answered.requestId()).quota()).isEqualTo(CALL_UNITS);
    }

    @Test
    void aStreamArrivesWholeWithoutAUsageChunkThatNobodyAskedFor() {
        List<ChatCompletionChunk> chunks;
        String requestId;
        try (HttpResponseFor<StreamResponse<ChatCompletionChunk>> response = client.chat()
                .completions()
                .withRawResponse()
                .createStreaming(scripted(ask(BY_RATIO, "Hello"), Map.of("prompt_tokens", 11, "completion_tokens", 5))
                        .build())) {
            requestId = requestId(response.headers());
            chunks = response.parse().stream().toList();
        }

        assertThat(textOf(chunks)).isEqualTo("alpha bravo charlie delta echo");
        assertThat(chunks).allMatch(chunk -> chunk.choices().size() == 1);
        assertThat(chunks).allMatch(chunk -> chunk.usage().isEmpty());
        assertThat(chunks.get(chunks.size() - 1).choices().get(0).finishReason())
                .isPresent();
        Charged charge = stage.charge(requestId);
        assertThat(charge.quota()).isEqualTo(11 + 2 * 5);
        assertThat(charge.estimated()).isFalse();
        assertThat(charge.stream()).isTrue();
    }

    @Test
    void aStreamEndsWithTheUsageChunkThatWasAskedFor() {
        List<ChatCompletionChunk> chunks = stream(
                client,
                scripted(ask(BY_RATIO, "Hello"), Map.of("prompt_tokens", 11, "completion_tokens", 5))
                        .streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build());

        ChatCompletionChunk last = chunks.get(chunks.size() - 1);
        assertThat(last.choices()).isEmpty();
        assertThat(last.usage()).hasValueSatisfying(usage -> {
            assertThat(usage.promptTokens()).isEqualTo(11);
            assertThat(usage.completionTokens()).isEqualTo(5);
        });
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allMatch(chunk -> chunk.usage().isEmpty());
    }

    @Test
    void toolsPassThroughBothWays() {
        ChatCompletion completion = client.chat()
                .completions()
                .create(ask(BY_RATIO, "How is the weather?")
                        .addFunctionTool(weather())
                        .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                        .build());

        assertThat(finishReasonOf(completion)).isEqualTo("tool_calls");
        ChatCompletionMessageFunctionToolCall called = completion
                .choices()
                .get(0)
                .message()
                .toolCalls()
                .orElseThrow()
                .get(0)
                .asFunction();
        assertThat(called.function().name()).isEqualTo("weather");
        assertThat(new JsonObject(called.function().arguments()))
                .isEqualTo(new JsonObject().put("city", "sandbox").put("days", 1));
        assertUpstreamSawTheTool();
    }

    @Test
    void toolsPassThroughAStream() {
        List<ChatCompletionChunk> chunks = stream(
                client,
                ask(BY_RATIO, "How is the weather?")
                        .addFunctionTool(weather())
                        .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                        .build());

        List<ChatCompletionChunk.Choice.Delta.ToolCall> calls = chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .flatMap(choice -> choice.delta().toolCalls().stream())
                .flatMap(List::stream)
                .toList();
        assertThat(calls).hasSizeGreaterThan(2);
        assertThat(calls.get(0).function().orElseThrow().name()).contains("weather");
        String arguments = calls.stream()
                .map(call -> call.function().orElseThrow().arguments().orElse(""))
                .collect(Collectors.joining());
        assertThat(new JsonObject(arguments))
                .isEqualTo(new JsonObject().put("city", "sandbox").put("days", 1));
        assertUpstreamSawTheTool();
    }

    @Test
    void anUnknownKeyIsRefused() {
        OpenAIServiceException refused =
                refusal(clientWith("sk-" + "x".repeat(48)), ask(BY_RATIO, "Hello"), UnauthorizedException.class);

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.type()).contains("new_api_error");
    }

    @Test
    void anUnknownModelIsRefusedByName() {
        OpenAIServiceException refused = refusal(client, ask("no-such-model", "Hello"), InternalServerException.class);

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.code()).contains("model_not_found");
        assertThat(refused).hasMessageContaining("no-such-model");
    }

    @Test
    void aModelWithoutAPriceIsRefusedByName() {
        OpenAIServiceException refused = refusal(client, ask(UNPRICED, "Hello"), BadRequestException.class);

        assertThat(refused.code()).contains("model_price_error");
        assertThat(refused).hasMessageContaining(UNPRICED);
    }

    @Test
    void aKeyWithNothingLeftIsRefused() {
        OpenAIServiceException refused = refusal(
                clientWith(stage.exhaustedKey().text()), ask(BY_RATIO, "Hello"), PermissionDeniedException.class);

        assertThat(refused.code()).contains("pre_consume_token_quota_failed");
    }

    @Test
    @SuppressWarnings("unchecked") // a value of the wrong type is the point
    void aBodyThatIsNoChatIsRefused() {
        OpenAIServiceException refused =
                refusal(client, ask(BY_RATIO, "Hello").messages(JsonValue.from("no list")), BadRequestException.class);

        assertThat(refused.type()).contains("invalid_request_error");
        assertThat(refused).hasMessageContaining("messages");
    }

    @Test
    void anUpstreamThatIsBusyToTheLastTrySaysWhenToComeBack() {
        OpenAIServiceException refused = refusal(
                client,
                scripted(ask(BY_RATIO, "Hello"), Map.of("status", 429, "retry_after", 7)),
                RateLimitException.class);

        assertThat(refused.headers().values("Retry-After")).containsExactly("7");
    }

    @Test
    void aStreamThatIsRefusedFailsAsACallDoes() {
        OpenAIServiceException refused = catchThrowableOfType(
                BadRequestException.class,
                () -> stream(client, ask(UNPRICED, "Hello").build()));

        assertThat(refused.code()).contains("model_price_error");
    }

    @Test
    void modelsThatMayBeCalledAreListed() {
        assertThat(client.models().list().data())
                .extracting(Model::id)
                .contains(BY_RATIO, PER_CALL)
                .doesNotContain(UNPRICED);
        assertThat(client.models().retrieve(BY_RATIO).id()).isEqualTo(BY_RATIO);
        assertThat(catchThrowableOfType(
                        NotFoundException.class, () -> client.models().retrieve("no-such-model")))
                .hasMessageContaining("no-such-model");
    }

    @Test
    void aClientThatGoesAwayPaysForThePromptAndWhatWasRelayed() {
        String question = "Tell me a long story";
        long promptTokens = estimatedPrompt(question);
        StringBuilder received = new StringBuilder();
        String requestId;
        try (HttpResponseFor<StreamResponse<ChatCompletionChunk>> response = clientWith(
                        stage.cancellingKey().text())
                .chat()
                .completions()
                .withRawResponse()
                .createStreaming(scripted(
                                ask(BY_RATIO, question),
                                Map.of("content", ClientStage.wholeStory(), "chunk_delay_ms", 20))
                        .build())) {
            requestId = requestId(response.headers());
            Iterator<ChatCompletionChunk> chunks = response.parse().stream().iterator();
            for (int i = 0; i < 6; i++) {
                received.append(textOf(List.of(chunks.next())));
            }
        }

        Charged charge = stage.charge(requestId);
        Eventually.until(
                "the upstream call is cut",
                () -> stage.upstream().requests().stream()
                        .anyMatch(request ->
                                request.body().contains(question) && request.outcome() == Outcome.CLIENT_GONE));
        long written = stage.upstream().requests().stream()
                .filter(request -> request.outcome() == Outcome.CLIENT_GONE)
                .findFirst()
                .orElseThrow()
                .chunks();
        TextEstimator estimator = TextEstimator.forModel(BY_RATIO);
        assertThat(charge.estimated()).isTrue();
        assertThat(charge.promptTokens()).isEqualTo(promptTokens);
        assertThat(charge.completionTokens())
                .isBetween(estimator.estimate(received), estimator.estimate(ClientStage.story(written)));
        assertThat(charge.quota()).isEqualTo(promptTokens + 2 * charge.completionTokens());
        assertThat(charge.content()).isNotEmpty();
    }

    /** What the node takes the question for when the upstream does not say. */
    private static long estimatedPrompt(String question) {
        Answered answered = answer(scripted(ask(BY_RATIO, question), Map.of("fault", "no-usage")));
        assertThat(textOf(answered.completion())).contains(question);
        return stage.charge(answered.requestId()).promptTokens();
    }

    /** A whole answer and the id under which the node charged it. */
    private record Answered(ChatCompletion completion, String requestId) {}

    private static Answered answer(ChatCompletionCreateParams.Builder asked) {
        try (HttpResponseFor<ChatCompletion> response =
                client.chat().completions().withRawResponse().create(asked.build())) {
            return new Answered(response.parse(), requestId(response.headers()));
        }
    }

    private static OpenAIClient clientWith(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(stage.url())
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder ask(String model, String question) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage(question);
    }

    /** With wishes for the mock upstream, which pass through the node like any field that it does not know. */
    private static ChatCompletionCreateParams.Builder scripted(
            ChatCompletionCreateParams.Builder asked, Map<String, Object> wishes) {
        return asked.putAdditionalBodyProperty("sandbox", JsonValue.from(wishes));
    }

    private static FunctionDefinition weather() {
        return FunctionDefinition.builder()
                .name("weather")
                .parameters(FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty(
                                "properties",
                                JsonValue.from(
                                        Map.of("city", Map.of("type", "string"), "days", Map.of("type", "integer"))))
                        .build())
                .build();
    }

    private static void assertUpstreamSawTheTool() {
        JsonObject function = stage.lastReceived()
                .json()
                .getJsonArray("tools")
                .getJsonObject(0)
                .getJsonObject("function");
        assertThat(function.getString("name")).isEqualTo("weather");
        assertThat(function.getJsonObject("parameters")
                        .getJsonObject("properties")
                        .fieldNames())
                .containsExactlyInAnyOrder("city", "days");
    }

    private static OpenAIServiceException refusal(
            OpenAIClient asking,
            ChatCompletionCreateParams.Builder asked,
            Class<? extends OpenAIServiceException> kind) {
        OpenAIServiceException refused =
                catchThrowableOfType(kind, () -> asking.chat().completions().create(asked.build()));
        assertThat(refused).hasMessageContaining(requestId(refused.headers()));
        return refused;
    }

    private static List<ChatCompletionChunk> stream(OpenAIClient asking, ChatCompletionCreateParams params) {
        try (StreamResponse<ChatCompletionChunk> response =
                asking.chat().completions().createStreaming(params)) {
            return response.stream().toList();
        }
    }

    private static String textOf(ChatCompletion completion) {
        return completion.choices().get(0).message().content().orElse("");
    }

    private static String finishReasonOf(ChatCompletion completion) {
        return completion.choices().get(0).finishReason().toString();
    }

    private static String textOf(List<ChatCompletionChunk> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .map(choice -> choice.delta().content().orElse(""))
                .collect(Collectors.joining());
    }

    private static String requestId(Headers headers) {
        return headers.values("X-Oneapi-Request-Id").get(0);
    }
}
