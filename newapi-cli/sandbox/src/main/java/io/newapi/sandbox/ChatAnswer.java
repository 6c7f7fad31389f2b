package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The texts of one answer in the OpenAI format; equal requests with equal numbers have equal answers. Immutable. */
final class ChatAnswer {

    /** The same for all answers, so that a rehearsal can be repeated byte for byte. */
    private static final long CREATED_SECONDS = 1_767_225_600;

    private final ChatRequest request;
    private final Script script;
    private final Reply reply;
    private final String id;
    private final String chunkStart;

    ChatAnswer(ChatRequest request, Script script, long number) {
        this.request = request;
        this.script = script;
        this.id = "chatcmpl-sandbox-" + number;
        JsonObject tool = request.tool();
        this.reply = tool == null
                ? TextReply.to(request, script)
                : ToolReply.calling(tool, "call_sandbox_" + number, script.chunks());
        String head = head("chat.completion.chunk").encode();
        this.chunkStart = head.substring(0, head.length() - 1) + ",\"choices\":[{\"index\":0,\"delta\":";
    }

    ChatRequest request() {
        return request;
    }

    Script script() {
        return script;
    }

    Reply reply() {
        return reply;
    }

    /** The answer in one piece. */
    JsonObject whole() {
        JsonObject message = reply.message();
        if (script.fault().is(Fault.Kind.HUGE_LINE)) {
            message.put("content", hugeText());
        }
        JsonObject choice = new JsonObject()
                .put("index", 0)
                .put("message", message.putNull("refusal"))
                .putNull("logprobs")
                .put("finish_reason", reply.finishReason());
        JsonObject whole = head("chat.completion").put("choices", new JsonArray().add(choice));
        return reportsUsage() ? whole.put("usage", usage()) : whole;
    }

    /** The text of a chunk with one choice; a stream of thousands of chunks builds its common part once. */
    String chunk(JsonObject delta, @Nullable String finishReason) {
        return chunkStart
                + delta.encode()
                + ",\"logprobs\":null,\"finish_reason\":"
                + (finishReason == null ? "null" : "\"" + finishReason + "\"")
                + (request.usageInStream() ? "}],\"usage\":null}" : "}]}");
    }

    /** The last chunk of a stream that reports usage. */
    JsonObject usageChunk() {
        return head("chat.completion.chunk").put("choices", new JsonArray()).put("usage", usage());
    }

    boolean usageEndsStream() {
        return request.usageInStream() && reportsUsage();
    }

    /** The text of {@link Fault.Kind#HUGE_LINE}. */
    String hugeText() {
        return "x".repeat((int) script.fault().number());
    }

    private boolean reportsUsage() {
        return !script.fault().is(Fault.Kind.NO_USAGE);
    }

    private JsonObject usage() {
        Long prompt = script.promptTokens();
        Long completion = script.completionTokens();
        long promptTokens = prompt == null ? request.promptWords() : prompt;
        long completionTokens = completion == null ? reply.words() : completion;
        return new JsonObject()
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens)
                .put("prompt_tokens_details", new JsonObject().put("cached_tokens", script.cachedTokens()))
                .put("completion_tokens_details", new JsonObject().put("reasoning_tokens", 0));
    }

    private JsonObject head(String object) {
        return new JsonObject()
                .put("id", id)
                .put("object", object)
                .put("created", CREATED_SECONDS)
                .put("model", request.model());
    }
}
