package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gemini's content; a stream is of events, or one JSON list. Knows whether its list has begun, so it serves only one.
 *
 * <p>Calls must come in one piece, see {@link Reply#withWholeCalls}.
 */
final class GeminiWriter implements Writer {

    private final Reply reply;
    private final boolean events;
    private boolean begun;

    /** @param events whether a stream is to be one of events */
    GeminiWriter(Reply reply, boolean events) {
        this.reply = reply.withWholeCalls();
        this.events = events;
    }

    /** The reply with the pieces that this writer expects. */
    Reply reply() {
        return reply;
    }

    @Override
    public JsonObject whole() {
        JsonArray parts = new JsonArray();
        for (int i = 0; i < reply.blocks().size(); i++) {
            Block block = reply.blocks().get(i);
            JsonObject part = part(i, block, block.whole());
            String signature = signature();
            if (block.is(Block.Kind.TEXT) && signature != null) {
                part.put("thoughtSignature", signature);
            }
            parts.add(part);
        }
        return content(parts, true);
    }

    @Override
    public String contentType() {
        return events ? "text/event-stream" : "application/json; charset=UTF-8";
    }

    @Override
    public String open() {
        return events ? "" : "[";
    }

    @Override
    public String start(int index, Block block) {
        return "";
    }

    @Override
    public String piece(int index, Block block, String piece) {
        return frame(
                content(new JsonArray().add(part(index, block, piece)), false).encode());
    }

    @Override
    public String stop(int index, Block block) {
        return "";
    }

    @Override
    public List<Ending> ending() {
        JsonObject last = new JsonObject().put("text", "");
        String signature = signature();
        if (signature != null && reply.finish() != Reply.Finish.CALLS) {
            last.put("thoughtSignature", signature);
        }
        Ending usage = new Ending(frame(content(new JsonArray().add(last), true).encode()), true);
        return events ? List.of(usage) : List.of(usage, new Ending("]", false));
    }

    @Override
    public String malformed() {
        return frame("{\"candidates\":[{\"content\":{\"par");
    }

    @Override
    public String error(JsonObject error) {
        return frame(error.encode()) + (events ? "" : "]");
    }

    private String frame(String json) {
        if (events) {
            return "data: " + json + "\r\n\r\n";
        }
        String separator = begun ? ",\r\n" : "";
        begun = true;
        return separator + json;
    }

    private JsonObject part(int index, Block block, String text) {
        return switch (block.kind()) {
            case THINKING -> new JsonObject().put("text", text).put("thought", true);
            case TEXT -> new JsonObject().put("text", text);
            case CALL -> {
                JsonObject call = new JsonObject().put("name", block.name()).put("args", new JsonObject(text));
                JsonObject part = new JsonObject().put("functionCall", call);
                String signature = signature();
                // Of calls at once only the first is signed.
                yield signature != null && reply.callIndex(index) == 0 ? part.put("thoughtSignature", signature) : part;
            }
        };
    }

    private @Nullable String signature() {
        return reply.has(Block.Kind.THINKING) ? Signature.of(reply.joined(Block.Kind.THINKING)) : null;
    }

    private JsonObject content(JsonArray parts, boolean last) {
        JsonObject candidate = new JsonObject()
                .put("content", new JsonObject().put("parts", parts).put("role", "model"));
        if (last) {
            candidate.put("finishReason", reply.finish() == Reply.Finish.LENGTH ? "MAX_TOKENS" : "STOP");
        }
        JsonObject content = new JsonObject().put("candidates", new JsonArray().add(candidate.put("index", 0)));
        Usage usage = reply.usage();
        if (usage != null) {
            content.put("usageMetadata", last ? usage(usage) : begunUsage(usage));
        }
        return content.put("modelVersion", reply.model()).put("responseId", "sandbox-" + reply.number());
    }

    /** What is known before the end. */
    private static JsonObject begunUsage(Usage usage) {
        return new JsonObject().put("promptTokenCount", usage.prompt()).put("totalTokenCount", usage.prompt());
    }

    private static JsonObject usage(Usage usage) {
        JsonObject metadata = new JsonObject()
                .put("promptTokenCount", usage.prompt())
                .put("candidatesTokenCount", Math.max(0, usage.completion() - usage.reasoning()))
                .put("totalTokenCount", usage.total());
        if (usage.cached() > 0) {
            metadata.put("cachedContentTokenCount", usage.cached());
        }
        if (usage.reasoning() > 0) {
            metadata.put("thoughtsTokenCount", usage.reasoning());
        }
        return metadata.put(
                "promptTokensDetails",
                new JsonArray().add(new JsonObject().put("modality", "TEXT").put("tokenCount", usage.prompt())));
    }
}
