package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Anthropic's messages. */
final class MessagesWriter implements Writer {

    private final Reply reply;

    MessagesWriter(Reply reply) {
        this.reply = reply;
    }

    @Override
    public JsonObject whole() {
        JsonArray content = new JsonArray();
        reply.blocks().forEach(block -> content.add(content(block)));
        Usage usage = reply.usage();
        return message(content, stopReason(), usage == null ? null : usage(usage, usage.completion()));
    }

    @Override
    public String open() {
        Usage usage = reply.usage();
        JsonObject begun = usage == null ? null : usage(usage, Math.min(1, usage.completion()));
        return Sse.typed(
                new JsonObject().put("type", "message_start").put("message", message(new JsonArray(), null, begun)));
    }

    @Override
    public String start(int index, Block block) {
        JsonObject empty = switch (block.kind()) {
            case THINKING ->
                new JsonObject().put("type", "thinking").put("thinking", "").put("signature", "");
            case TEXT -> new JsonObject().put("type", "text").put("text", "");
            case CALL -> toolUse(block, new JsonObject());
        };
        String start = Sse.typed(of("content_block_start", index).put("content_block", empty));
        return index == 0 ? start + Sse.typed(new JsonObject().put("type", "ping")) : start;
    }

    @Override
    public String piece(int index, Block block, String piece) {
        return switch (block.kind()) {
            case THINKING -> delta(index, "thinking_delta", "thinking", piece);
            case TEXT -> delta(index, "text_delta", "text", piece);
            case CALL -> delta(index, "input_json_delta", "partial_json", piece);
        };
    }

    @Override
    public String stop(int index, Block block) {
        String signature = block.is(Block.Kind.THINKING)
                ? delta(index, "signature_delta", "signature", Signature.of(block.whole()))
                : "";
        return signature + Sse.typed(of("content_block_stop", index));
    }

    @Override
    public List<Ending> ending() {
        JsonObject delta = new JsonObject()
                .put("type", "message_delta")
                .put("delta", new JsonObject().put("stop_reason", stopReason()).putNull("stop_sequence"));
        Usage usage = reply.usage();
        if (usage != null) {
            delta.put("usage", figures(usage, usage.completion()));
        }
        return List.of(
                new Ending(Sse.typed(delta), true),
                new Ending(Sse.typed(new JsonObject().put("type", "message_stop")), false));
    }

    @Override
    public String malformed() {
        return Sse.malformed("content_block_delta");
    }

    @Override
    public String error(JsonObject error) {
        return Sse.typed(error);
    }

    private static String delta(int index, String type, String key, String piece) {
        JsonObject delta = new JsonObject().put("type", type).put(key, piece);
        return Sse.typed(of("content_block_delta", index).put("delta", delta));
    }

    private static JsonObject of(String type, int index) {
        return new JsonObject().put("type", type).put("index", index);
    }

    private static JsonObject content(Block block) {
        return switch (block.kind()) {
            case THINKING ->
                new JsonObject()
                        .put("type", "thinking")
                        .put("thinking", block.whole())
                        .put("signature", Signature.of(block.whole()));
            case TEXT -> new JsonObject().put("type", "text").put("text", block.whole());
            case CALL -> toolUse(block, new JsonObject(block.whole()));
        };
    }

    private static JsonObject toolUse(Block block, JsonObject input) {
        return new JsonObject()
                .put("type", "tool_use")
                .put("id", "toolu_" + block.id())
                .put("name", block.name())
                .put("input", input);
    }

    private JsonObject message(JsonArray content, @Nullable String stopReason, @Nullable JsonObject usage) {
        JsonObject message = new JsonObject()
                .put("id", "msg_sandbox_" + reply.number())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", reply.model())
                .put("content", content)
                .put("stop_reason", stopReason)
                .putNull("stop_sequence");
        return usage == null ? message : message.put("usage", usage);
    }

    private String stopReason() {
        return switch (reply.finish()) {
            case STOP -> "end_turn";
            case LENGTH -> "max_tokens";
            case CALLS -> "tool_use";
        };
    }

    private static JsonObject usage(Usage usage, long outputTokens) {
        return figures(usage, outputTokens)
                .put(
                        "cache_creation",
                        new JsonObject()
                                .put("ephemeral_5m_input_tokens", usage.cacheWrite())
                                .put("ephemeral_1h_input_tokens", 0))
                .put("service_tier", "standard");
    }

    /** Input tokens are the ones that have to do with no cache. */
    private static JsonObject figures(Usage usage, long outputTokens) {
        return new JsonObject()
                .put("input_tokens", usage.uncached())
                .put("cache_creation_input_tokens", usage.cacheWrite())
                .put("cache_read_input_tokens", usage.cached())
                .put("output_tokens", outputTokens);
    }
}
