package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Writes a request for a response ("Responses", "Create a model response"). The provider is to keep nothing, as with the other
 * formats; what its models think is asked for in a form that can be handed back. Confined to one thread.
 */
final class ResponsesRequestWriter {

    private final Conversation conversation;
    private final Set<String> lost;
    private final JsonObject body = new JsonObject();

    ResponsesRequestWriter(Conversation conversation) {
        this.conversation = conversation;
        this.lost = new LinkedHashSet<>(conversation.unheld());
    }

    Codec.Written write() {
        if (conversation.sampling().choices() > 1) {
            throw new Unsayable("several choices");
        }
        body.put("model", conversation.model());
        instructions();
        body.put("input", input());
        tools();
        form();
        sampling();
        thinking();
        OpenAiTools.putIfAny(body, "user", conversation.user());
        body.put("store", false);
        if (conversation.stream()) {
            body.put("stream", true);
        }
        return new Codec.Written(body, new ArrayList<>(lost));
    }

    private void instructions() {
        conversation.instructions().forEach(text -> ResponsesInputWriter.loseMark(text.cache(), lost));
        OpenAiTools.putIfAny(
                body,
                "instructions",
                String.join(
                        "\n\n",
                        conversation.instructions().stream()
                                .map(Part.Text::text)
                                .toList()));
    }

    /** A request must have some: where nobody but the instructions speaks, they are it. */
    private JsonArray input() {
        JsonArray input = new ResponsesInputWriter(lost).write(conversation.turns());
        String instructions = body.getString("instructions", "");
        if (input.isEmpty() && !instructions.isEmpty()) {
            body.remove("instructions");
            input.add(new JsonObject()
                    .put("type", "message")
                    .put("role", "developer")
                    .put("content", instructions));
        }
        return input;
    }

    // ---- tools ----

    private void tools() {
        JsonArray tools = new JsonArray();
        for (Tool tool : conversation.tools()) {
            if (tool instanceof Tool.Function function) {
                ResponsesInputWriter.loseMark(function.cache(), lost);
                JsonObject written = OpenAiTools.function(new JsonObject().put("type", "function"), function);
                // here a schema is kept to the letter unless that is denied, elsewhere only if it is asked for
                tools.add(written.put("strict", Boolean.TRUE.equals(function.strict())));
            } else if (tool instanceof Tool.WebSearch search) {
                tools.add(search(search));
            } else if (tool instanceof Tool.Hosted hosted) {
                throw new Unsayable("the tool " + hosted.kind());
            }
        }
        ToolChoice choice = conversation.toolChoice();
        if (!tools.isEmpty()) {
            body.put("tools", tools);
            OpenAiTools.putChoice(
                    body, choice, new JsonObject().put("type", "function").put("name", choice.tool()));
        } else if (choice.mode() == ToolChoice.Mode.REQUIRED || choice.mode() == ToolChoice.Mode.NAMED) {
            lost.add("tool_choice");
        }
    }

    private JsonObject search(Tool.WebSearch search) {
        if (search.maxUses() > 0) {
            lost.add("max_uses");
        }
        JsonObject written = new JsonObject().put("type", "web_search");
        OpenAiTools.putIfAny(written, "search_context_size", search.contextSize());
        JsonObject place = OpenAiTools.place(search);
        return place.isEmpty()
                ? written
                : written.put(
                        "user_location",
                        new JsonObject().put("type", "approximate").mergeIn(place));
    }

    // ---- the rest ----

    private void form() {
        AnswerForm form = conversation.form();
        switch (form.kind()) {
            case TEXT -> {}
            case JSON -> body.put("text", new JsonObject().put("format", new JsonObject().put("type", "json_object")));
            case SCHEMA -> {
                JsonObject format = new JsonObject()
                        .put("type", "json_schema")
                        .put("name", form.name().isEmpty() ? "answer" : form.name())
                        .put("schema", form.schema());
                if (form.strict() != null) {
                    format.put("strict", form.strict());
                }
                body.put("text", new JsonObject().put("format", format));
            }
        }
    }

    private void sampling() {
        Sampling sampling = conversation.sampling();
        if (sampling.maxTokens() > 0) {
            body.put("max_output_tokens", sampling.maxTokens());
        }
        boolean samples = OpenAiModels.samples(conversation.model());
        OpenAiTools.put(body, lost, "temperature", sampling.temperature(), samples);
        OpenAiTools.put(body, lost, "top_p", sampling.topP(), samples);
        OpenAiTools.put(body, lost, "top_k", sampling.topK(), false);
        OpenAiTools.put(body, lost, "frequency_penalty", sampling.frequencyPenalty(), false);
        OpenAiTools.put(body, lost, "presence_penalty", sampling.presencePenalty(), false);
        OpenAiTools.put(body, lost, "seed", sampling.seed(), false);
        if (!sampling.stop().isEmpty()) {
            lost.add("stop");
        }
    }

    private void thinking() {
        Thinking thinking = conversation.thinking();
        String model = conversation.model();
        JsonObject reasoning = new JsonObject();
        OpenAiTools.putIfAny(reasoning, "effort", OpenAiModels.effort(thinking, model));
        if (OpenAiModels.losesEffort(thinking, model)) {
            lost.add("reasoning_effort");
        } else if (thinking.shown() && !OpenAiModels.unthinking(model)) {
            reasoning.put("summary", "auto");
        }
        if (!reasoning.isEmpty()) {
            body.put("reasoning", reasoning);
        }
        if (OpenAiModels.reasons(model)) {
            body.put("include", new JsonArray().add("reasoning.encrypted_content"));
        }
    }
}
