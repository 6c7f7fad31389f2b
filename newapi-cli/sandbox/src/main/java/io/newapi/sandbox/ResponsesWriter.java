package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * OpenAI's responses: every block of a reply is an output item. Counts the events of its stream, so it serves only one.
 */
final class ResponsesWriter implements Writer {

    private final Reply reply;
    private final JsonObject request;
    private final boolean encrypted;
    private long sequence;

    /** @param request what was asked, much of which comes back */
    ResponsesWriter(Reply reply, JsonObject request) {
        this.reply = reply;
        this.request = request;
        this.encrypted = Fields.list(request, "include").contains("reasoning.encrypted_content");
    }

    @Override
    public JsonObject whole() {
        JsonArray output = new JsonArray();
        for (int i = 0; i < reply.blocks().size(); i++) {
            output.add(item(i, reply.blocks().get(i), true));
        }
        return response(reply.finish() == Reply.Finish.LENGTH ? "incomplete" : "completed", output);
    }

    @Override
    public String open() {
        return event("response.created", new JsonObject().put("response", begun()))
                + event("response.in_progress", new JsonObject().put("response", begun()));
    }

    private JsonObject begun() {
        return response("in_progress", new JsonArray());
    }

    @Override
    public String start(int index, Block block) {
        String added = event(
                "response.output_item.added",
                new JsonObject().put("output_index", index).put("item", item(index, block, false)));
        return switch (block.kind()) {
            case THINKING ->
                added
                        + event(
                                "response.reasoning_summary_part.added",
                                at(index, block).put("summary_index", 0).put("part", summary("")));
            case TEXT ->
                added
                        + event(
                                "response.content_part.added",
                                at(index, block).put("content_index", 0).put("part", outputText("")));
            case CALL -> added;
        };
    }

    @Override
    public String piece(int index, Block block, String piece) {
        return switch (block.kind()) {
            case THINKING ->
                event(
                        "response.reasoning_summary_text.delta",
                        at(index, block).put("summary_index", 0).put("delta", piece));
            case TEXT ->
                event(
                        "response.output_text.delta",
                        at(index, block)
                                .put("content_index", 0)
                                .put("delta", piece)
                                .put("logprobs", new JsonArray()));
            case CALL ->
                event("response.function_call_arguments.delta", at(index, block).put("delta", piece));
        };
    }

    @Override
    public String stop(int index, Block block) {
        String whole = block.whole();
        String done = switch (block.kind()) {
            case THINKING ->
                event(
                                "response.reasoning_summary_text.done",
                                at(index, block).put("summary_index", 0).put("text", whole))
                        + event(
                                "response.reasoning_summary_part.done",
                                at(index, block).put("summary_index", 0).put("part", summary(whole)));
            case TEXT ->
                event(
                                "response.output_text.done",
                                at(index, block)
                                        .put("content_index", 0)
                                        .put("text", whole)
                                        .put("logprobs", new JsonArray()))
                        + event(
                                "response.content_part.done",
                                at(index, block).put("content_index", 0).put("part", outputText(whole)));
            case CALL ->
                event(
                        "response.function_call_arguments.done",
                        at(index, block).put("name", block.name()).put("arguments", whole));
        };
        return done
                + event(
                        "response.output_item.done",
                        new JsonObject().put("output_index", index).put("item", item(index, block, true)));
    }

    @Override
    public List<Ending> ending() {
        JsonObject whole = whole();
        String type = "response." + whole.getString("status");
        return List.of(new Ending(event(type, new JsonObject().put("response", whole)), true));
    }

    @Override
    public String malformed() {
        return Sse.malformed("response.output_text.delta");
    }

    @Override
    public String error(JsonObject error) {
        JsonObject inner = Fields.object(error, "error");
        return event(
                "error",
                new JsonObject()
                        .put("code", inner.getValue("code"))
                        .put("message", inner.getValue("message"))
                        .put("param", inner.getValue("param")));
    }

    private String event(String type, JsonObject rest) {
        JsonObject event = new JsonObject().put("type", type).put("sequence_number", sequence++);
        return Sse.typed(event.mergeIn(rest));
    }

    private JsonObject at(int index, Block block) {
        return new JsonObject().put("item_id", itemId(index, block)).put("output_index", index);
    }

    private String itemId(int index, Block block) {
        String prefix = switch (block.kind()) {
            case THINKING -> "rs";
            case TEXT -> "msg";
            case CALL -> "fc";
        };
        return prefix + "_sandbox_" + reply.number() + "_" + index;
    }

    private JsonObject item(int index, Block block, boolean complete) {
        JsonObject item = new JsonObject().put("id", itemId(index, block));
        String status = complete ? "completed" : "in_progress";
        return switch (block.kind()) {
            case THINKING -> {
                JsonArray summary = complete ? new JsonArray().add(summary(block.whole())) : new JsonArray();
                item.put("type", "reasoning").put("summary", summary);
                yield encrypted ? item.put("encrypted_content", Signature.of(block.whole())) : item;
            }
            case TEXT ->
                item.put("type", "message")
                        .put("status", status)
                        .put("role", "assistant")
                        .put("content", complete ? new JsonArray().add(outputText(block.whole())) : new JsonArray());
            case CALL ->
                item.put("type", "function_call")
                        .put("status", status)
                        .put("call_id", block.id())
                        .put("name", block.name())
                        .put("arguments", complete ? block.whole() : "");
        };
    }

    private static JsonObject summary(String text) {
        return new JsonObject().put("type", "summary_text").put("text", text);
    }

    private static JsonObject outputText(String text) {
        return new JsonObject()
                .put("type", "output_text")
                .put("text", text)
                .put("annotations", new JsonArray())
                .put("logprobs", new JsonArray());
    }

    private JsonObject response(String status, JsonArray output) {
        JsonObject reasoning = Fields.object(request, "reasoning");
        JsonObject plainText = new JsonObject().put("format", new JsonObject().put("type", "text"));
        JsonObject response = new JsonObject()
                .put("id", "resp_sandbox_" + reply.number())
                .put("object", "response")
                .put("created_at", Reply.CREATED_SECONDS)
                .put("status", status)
                .put("background", false)
                .putNull("error")
                .put(
                        "incomplete_details",
                        status.equals("incomplete") ? new JsonObject().put("reason", "max_output_tokens") : null)
                .put("instructions", request.getValue("instructions"))
                .put("max_output_tokens", request.getValue("max_output_tokens"))
                .put("model", reply.model())
                .put("output", output)
                .put("parallel_tool_calls", Fields.or(request, "parallel_tool_calls", true))
                .put("previous_response_id", request.getValue("previous_response_id"))
                .put(
                        "reasoning",
                        new JsonObject()
                                .put("effort", reasoning.getValue("effort"))
                                .put("summary", reasoning.getValue("summary")))
                .put("service_tier", "default")
                .put("store", Fields.or(request, "store", true))
                .put("temperature", Fields.or(request, "temperature", 1.0))
                .put("text", Fields.or(request, "text", plainText))
                .put("tool_choice", Fields.or(request, "tool_choice", "auto"))
                .put("tools", Fields.or(request, "tools", new JsonArray()))
                .put("top_p", Fields.or(request, "top_p", 1.0))
                .put("truncation", Fields.or(request, "truncation", "disabled"));
        boolean over = !status.equals("in_progress");
        Usage usage = reply.usage();
        if (over && usage != null) {
            response.put("usage", usage(usage));
        } else if (!over) {
            response.putNull("usage");
        }
        return response.put("user", request.getValue("user"))
                .put("metadata", Fields.or(request, "metadata", new JsonObject()));
    }

    private static JsonObject usage(Usage usage) {
        return new JsonObject()
                .put("input_tokens", usage.prompt())
                .put("input_tokens_details", new JsonObject().put("cached_tokens", usage.cached()))
                .put("output_tokens", usage.completion())
                .put("output_tokens_details", new JsonObject().put("reasoning_tokens", usage.reasoning()))
                .put("total_tokens", usage.total());
    }
}
