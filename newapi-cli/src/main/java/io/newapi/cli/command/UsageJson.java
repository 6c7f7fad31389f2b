package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.newapi.core.pricing.AudioCall;
import io.newapi.core.pricing.AudioUsage;
import io.newapi.core.pricing.CallUse;
import io.newapi.core.pricing.ImageCall;
import io.newapi.core.pricing.ImageOrder;
import io.newapi.core.pricing.OutputTokens;
import io.newapi.core.pricing.Ratio;
import io.newapi.core.pricing.ToolUse;
import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what a call used from a usage object as OpenAI or Anthropic send it, or with the flat names of batches. */
final class UsageJson {

    private static final String IMAGE_GENERATION = "image_generation_call";

    /**
     * What a line says was used.
     *
     * @param use all of it
     * @param details audio and text apart, null if it does not tell them apart
     * @param cost in USD, null if it does not say
     * @param channelType the number of the upstream's type, 0 if unknown
     */
    record Used(
            CallUse use,
            @Nullable AudioUsage details,
            @Nullable Ratio cost,
            long channelType) {

        Used with(Usage usage) {
            return new Used(use.withUsage(usage), details, cost, channelType);
        }
    }

    private final JsonNode usage;
    private final JsonNode input;
    private final JsonNode output;
    private final JsonNode written;

    private UsageJson(JsonNode usage) {
        this.usage = usage;
        this.input = first(usage, "prompt_tokens_details", "input_tokens_details", "input_token_details");
        this.output = first(usage, "completion_tokens_details", "output_tokens_details", "output_token_details");
        this.written = usage.path("cache_creation");
    }

    private static JsonNode first(JsonNode node, String... names) {
        return Stream.of(names)
                .filter(node::hasNonNull)
                .findFirst()
                .map(node::path)
                .orElse(MissingNode.getInstance());
    }

    /** The kind of audio call that calls of a model are; empty for most models. */
    static Optional<AudioCall> audioCall(String model) {
        if (AudioCall.isAudioChat(model)) {
            return Optional.of(AudioCall.CHAT);
        }
        return model.contains("realtime") ? Optional.of(AudioCall.REALTIME) : Optional.empty();
    }

    /** @throws IllegalArgumentException if the line's usage cannot be understood */
    static Used read(JsonNode line) {
        JsonNode usage = line.path("usage");
        if (!usage.isObject() && !usage.isMissingNode() && !usage.isNull()) {
            throw new IllegalArgumentException("'usage' is not an object");
        }
        UsageJson reader = new UsageJson(usage);
        long estimate = Fields.count(line, "estimate");
        CallUse use = reader.use(Fields.text(line, "model", ""), estimate);
        return new Used(
                use,
                reader.details(),
                Fields.ratioIfAny(usage, "cost").orElse(null),
                Math.max(Fields.count(usage, "channel_type"), Fields.count(line, "channel_type")));
    }

    private CallUse use(String model, long estimate) {
        List<ImageCall> drawn = drawn();
        ImageOrder images = drawn.isEmpty() ? images(model) : null;
        Usage tokens = tokens();
        if (!countsTokens()) {
            tokens = images == null ? Usage.of(estimate, 0) : ImageOrder.uncounted(estimate, images.count());
        }
        CallUse use = CallUse.of(tokens)
                .withOutput(new OutputTokens(
                        Math.max(Fields.count(output, "image_tokens"), Fields.count(usage, "image_output_tokens")),
                        audioOutput()))
                .withTools(tools())
                .withImageCalls(drawn);
        return images == null ? use : use.withImages(images);
    }

    /** Whether it says anything of tokens, be it that there were none. */
    private boolean countsTokens() {
        return Stream.of(
                        "prompt_tokens",
                        "completion_tokens",
                        "input_tokens",
                        "output_tokens",
                        "cached_tokens",
                        "cache_creation_tokens",
                        "cache_creation_5m",
                        "cache_creation_1h",
                        "text_tokens",
                        "image_tokens",
                        "audio_tokens",
                        "text_output_tokens",
                        "audio_output_tokens",
                        "image_output_tokens")
                .anyMatch(usage::hasNonNull);
    }

    private Usage tokens() {
        long fiveMinutes =
                Math.max(Fields.count(written, "ephemeral_5m_input_tokens"), Fields.count(usage, "cache_creation_5m"));
        long oneHour =
                Math.max(Fields.count(written, "ephemeral_1h_input_tokens"), Fields.count(usage, "cache_creation_1h"));
        long total = Math.max(
                Fields.count(input, "cached_creation_tokens", "cache_write_tokens"),
                Fields.count(usage, "cache_creation_input_tokens", "cache_creation_tokens", "cache_write_tokens"));
        long cached = Math.max(
                Fields.count(input, "cached_tokens"),
                Fields.count(usage, "cache_read_input_tokens", "cached_tokens", "prompt_cache_hit_tokens"));
        return new Usage(
                Fields.count(usage, "prompt_tokens", "input_tokens"),
                Fields.count(usage, "completion_tokens", "output_tokens"),
                cached,
                total,
                fiveMinutes,
                oneHour,
                Math.max(Fields.count(input, "image_tokens"), Fields.count(usage, "image_tokens")),
                audioInput(),
                semantics(fiveMinutes + oneHour > 0));
    }

    /** As it says; else by Anthropic's own names, and by a split of cache writes, which nobody else has. */
    private UsageSemantics semantics(boolean split) {
        String named = Fields.text(usage, "semantic", Fields.text(usage, "usage_semantic", ""));
        return switch (named) {
            case "openai" -> UsageSemantics.OPENAI;
            case "anthropic" -> UsageSemantics.ANTHROPIC;
            case "" -> split || isAnthropic() ? UsageSemantics.ANTHROPIC : UsageSemantics.OPENAI;
            default -> throw new IllegalArgumentException("'semantic' is not openai or anthropic");
        };
    }

    private boolean isAnthropic() {
        return usage.has("cache_read_input_tokens") || usage.has("cache_creation_input_tokens") || written.isObject();
    }

    private long audioInput() {
        return Math.max(Fields.count(input, "audio_tokens"), Fields.count(usage, "audio_tokens"));
    }

    private long audioOutput() {
        return Math.max(Fields.count(output, "audio_tokens"), Fields.count(usage, "audio_output_tokens"));
    }

    private @Nullable AudioUsage details() {
        boolean any = Stream.of("text_tokens", "audio_tokens", "text_output_tokens", "audio_output_tokens")
                        .anyMatch(usage::hasNonNull)
                || Stream.of(input, output)
                        .anyMatch(part -> part.hasNonNull("text_tokens") || part.hasNonNull("audio_tokens"));
        return any
                ? new AudioUsage(
                        Math.max(Fields.count(input, "text_tokens"), Fields.count(usage, "text_tokens")),
                        audioInput(),
                        Math.max(Fields.count(output, "text_tokens"), Fields.count(usage, "text_output_tokens")),
                        audioOutput())
                : null;
    }

    private List<ToolUse> tools() {
        List<ToolUse> tools = new ArrayList<>();
        JsonNode calls = usage.path("tools");
        calls.fieldNames().forEachRemaining(tool -> {
            if (!tool.equals(IMAGE_GENERATION)) {
                tools.add(new ToolUse(tool, Fields.count(calls, tool)));
            }
        });
        long searches = Fields.count(usage.path("server_tool_use"), "web_search_requests");
        if (searches > 0 && !calls.has(ToolUse.WEB_SEARCH)) {
            tools.add(new ToolUse(ToolUse.WEB_SEARCH, searches));
        }
        return tools;
    }

    /** Images that a tool made; {@code images} then tells their size and quality, and is no order. */
    private List<ImageCall> drawn() {
        long calls = Fields.count(usage.path("tools"), IMAGE_GENERATION);
        if (calls > ImageOrder.MAX_COUNT) {
            throw new IllegalArgumentException("'" + IMAGE_GENERATION + "' is more than " + ImageOrder.MAX_COUNT);
        }
        JsonNode images = usage.path("images");
        ImageCall call = new ImageCall(Fields.text(images, "quality", ""), Fields.text(images, "size", ""));
        return Stream.generate(() -> call).limit(calls).toList();
    }

    private @Nullable ImageOrder images(String model) {
        JsonNode images = usage.path("images");
        return images.isObject()
                ? ImageOrder.of(
                        model,
                        Fields.count(images, "n"),
                        Fields.text(images, "size", ""),
                        Fields.text(images, "quality", ""))
                : null;
    }
}
