package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a chat completion request ("Chat Completions", "Create chat completion"). Confined to one thread.
 */
final class ChatRequestWriter {

    /** Note at {@code stop}. */
    private static final int MAX_STOPS = 4;

    private final Conversation conversation;
    private final Set<String> lost;
    private final JsonObject body = new JsonObject();

    ChatRequestWriter(Conversation conversation) {
        this.conversation = conversation;
        this.lost = new LinkedHashSet<>(conversation.unheld());
    }

    Codec.Written write() {
        if (conversation.sampling().choices() > 1) {
            throw new Unsayable("several choices");
        }
        body.put("model", conversation.model());
        body.put("messages", new ChatMessageWriter(conversation, lost).write());
        tools();
        form();
        sampling();
        thinking();
        OpenAiTools.putIfAny(body, "user", conversation.user());
        if (conversation.stream()) {
            body.put("stream", true).put("stream_options", new JsonObject().put("include_usage", true));
        }
        return new Codec.Written(body, new ArrayList<>(lost));
    }

    private void tools() {
        JsonArray tools = new JsonArray();
        for (Tool tool : conversation.tools()) {
            if (tool instanceof Tool.Function function) {
                JsonObject written = OpenAiTools.function(new JsonObject(), function);
                if (function.strict() != null) {
                    written.put("strict", function.strict());
                }
                tools.add(OpenAiCacheMarks.put(
                        new JsonObject().put("type", "function").put("function", written), function.cache()));
            } else if (tool instanceof Tool.WebSearch search) {
                body.put("web_search_options", search(search));
            } else if (tool instanceof Tool.Hosted hosted) {
                throw new Unsayable("the tool " + hosted.kind());
            }
        }
        ToolChoice choice = conversation.toolChoice();
        if (!tools.isEmpty()) {
            body.put("tools", tools);
            OpenAiTools.putChoice(
                    body,
                    choice,
                    new JsonObject()
                            .put("type", "function")
                            .put("function", new JsonObject().put("name", choice.tool())));
        } else if (choice.mode() == ToolChoice.Mode.REQUIRED || choice.mode() == ToolChoice.Mode.NAMED) {
            lost.add("tool_choice");
        }
    }

    private JsonObject search(Tool.WebSearch search) {
        if (search.maxUses() > 0) {
            lost.add("max_uses");
        }
        JsonObject options = new JsonObject();
        OpenAiTools.putIfAny(options, "search_context_size", search.contextSize());
        JsonObject place = OpenAiTools.place(search);
        return place.isEmpty()
                ? options
                : options.put(
                        "user_location",
                        new JsonObject().put("type", "approximate").put("approximate", place));
    }

    private void form() {
        AnswerForm form = conversation.form();
        switch (form.kind()) {
            case TEXT -> {}
            case JSON -> body.put("response_format", new JsonObject().put("type", "json_object"));
            case SCHEMA -> {
                JsonObject schema = new JsonObject()
                        .put("name", form.name().isEmpty() ? "answer" : form.name())
                        .put("schema", form.schema());
                if (form.strict() != null) {
                    schema.put("strict", form.strict());
                }
                body.put(
                        "response_format",
                        new JsonObject().put("type", "json_schema").put("json_schema", schema));
            }
        }
    }

    private void sampling() {
        Sampling sampling = conversation.sampling();
        if (sampling.maxTokens() > 0) {
            boolean reasons = OpenAiModels.reasons(conversation.model());
            body.put(reasons ? "max_completion_tokens" : "max_tokens", sampling.maxTokens());
        }
        boolean samples = OpenAiModels.samples(conversation.model());
        OpenAiTools.put(body, lost, "temperature", sampling.temperature(), samples);
        OpenAiTools.put(body, lost, "top_p", sampling.topP(), samples);
        OpenAiTools.put(body, lost, "top_k", sampling.topK(), false);
        OpenAiTools.put(body, lost, "frequency_penalty", sampling.frequencyPenalty(), samples);
        OpenAiTools.put(body, lost, "presence_penalty", sampling.presencePenalty(), samples);
        OpenAiTools.put(body, lost, "seed", sampling.seed(), true);
        stop(sampling.stop());
    }

    private void stop(List<String> stop) {
        if (stop.size() > MAX_STOPS) {
            lost.add("stop");
        }
        if (stop.size() == 1) {
            body.put("stop", stop.get(0));
        } else if (!stop.isEmpty()) {
            body.put("stop", new JsonArray(new ArrayList<>(stop.subList(0, Math.min(stop.size(), MAX_STOPS)))));
        }
    }

    private void thinking() {
        OpenAiTools.putIfAny(
                body, "reasoning_effort", OpenAiModels.effort(conversation.thinking(), conversation.model()));
        if (OpenAiModels.losesEffort(conversation.thinking(), conversation.model())) {
            lost.add("reasoning_effort");
        }
    }
}
