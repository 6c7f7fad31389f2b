package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a request for a response ("Responses", "Create a model response"). The provider is to keep nothing, as with the other
 * formats; what its models think is asked for in a form that can be handed back. Items stand in the order in which things were
 * said. Confined to one thread.
 */
final class ResponsesRequestWriter {

    private final Conversation conversation;
    private final Set<String> lost;
    private final JsonObject body = new JsonObject();
    private final JsonArray input = new JsonArray();

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
        conversation.turns().forEach(this::turn);
        body.put("input", input);
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
        conversation.instructions().forEach(text -> loseMark(text.cache()));
        OpenAiTools.putIfAny(
                body,
                "instructions",
                String.join(
                        "\n\n",
                        conversation.instructions().stream().map(Part.Text::text).toList()));
    }

    private void loseMark(Part.CacheMark mark) {
        if (mark != Part.CacheMark.NONE) {
            lost.add("cache_control");
        }
    }

    // ---- input ----

    private void turn(Turn turn) {
        List<Part> said = new ArrayList<>();
        for (Part part : turn.parts()) {
            JsonObject item = item(part);
            if (item != null) {
                message(turn.role(), said);
                said.clear();
                input.add(item);
            } else if (!isThought(part)) {
                said.add(part);
            }
        }
        message(turn.role(), said);
    }

    private static boolean isThought(Part part) {
        return part instanceof Part.Thought || part instanceof Part.HiddenThought;
    }

    /** What is an item of its own; null for what belongs into a message, and for thoughts that cannot be handed back. */
    private @Nullable JsonObject item(Part part) {
        if (part instanceof Part.ToolCall call) {
            loseMark(call.cache());
            return ChatMessageWriter.putSignature(
                    new JsonObject()
                            .put("type", "function_call")
                            .put("call_id", call.id())
                            .put("name", call.name())
                            .put("arguments", call.arguments()),
                    call.signature());
        }
        if (part instanceof Part.ToolResult result) {
            return result(result);
        }
        if (part instanceof Part.HiddenThought hidden) {
            return reasoning(new JsonArray(), hidden.data());
        }
        if (part instanceof Part.Thought thought) {
            if (thought.signature().isEmpty()) {
                lost.add("reasoning_content");
                return null;
            }
            return reasoning(ResponsesObject.summary(thought.text()), thought.signature());
        }
        return null;
    }

    private static JsonObject reasoning(JsonArray summary, String encrypted) {
        return new JsonObject().put("type", "reasoning").put("summary", summary).put("encrypted_content", encrypted);
    }

    private JsonObject result(Part.ToolResult result) {
        if (result.failed()) {
            lost.add("is_error");
        }
        loseMark(result.cache());
        return new JsonObject()
                .put("type", "function_call_output")
                .put("call_id", result.callId())
                .put("output", content(Turn.Role.USER, result.content()));
    }

    private void message(Turn.Role role, List<Part> parts) {
        List<Part> sayable = new ArrayList<>();
        for (Part part : parts) {
            if (role == Turn.Role.USER || part instanceof Part.Text || part instanceof Part.Refusal) {
                sayable.add(part);
            } else {
                lost.add("pictures and files of earlier answers");
            }
        }
        if (!sayable.isEmpty()) {
            input.add(new JsonObject()
                    .put("type", "message")
                    .put("role", role == Turn.Role.USER ? "user" : "assistant")
                    .put("content", content(role, sayable)));
        }
    }

    private Object content(Turn.Role role, List<Part> parts) {
        if (parts.isEmpty()) {
            return "";
        }
        if (parts.size() == 1 && parts.get(0) instanceof Part.Text only) {
            loseMark(only.cache());
            return only.text();
        }
        JsonArray list = new JsonArray();
        parts.forEach(part -> list.add(part(role, part)));
        return list;
    }

    private JsonObject part(Turn.Role role, Part part) {
        if (part instanceof Part.Text text) {
            loseMark(text.cache());
            return new JsonObject()
                    .put("type", role == Turn.Role.USER ? "input_text" : "output_text")
                    .put("text", text.text());
        }
        if (part instanceof Part.Refusal refusal) {
            return new JsonObject().put("type", "refusal").put("refusal", refusal.text());
        }
        if (part instanceof Part.Image image) {
            return image(image);
        }
        if (part instanceof Part.Document document) {
            return document(document);
        }
        if (part instanceof Part.Audio audio) {
            return ChatMessageWriter.audio(audio);
        }
        if (part instanceof Part.Video video) {
            String url = OpenAiMedia.url(video.media());
            if (url == null) {
                throw new Unsayable("videos stored with a provider");
            }
            return new JsonObject().put("type", "input_video").put("video_url", url);
        }
        throw new Unsayable("thoughts and calls of the user");
    }

    private JsonObject image(Part.Image image) {
        loseMark(image.cache());
        JsonObject written = new JsonObject().put("type", "input_image");
        if (image.media() instanceof Media.Stored stored) {
            written.put("file_id", stored.id());
        } else {
            written.put("image_url", OpenAiMedia.url(image.media()));
        }
        return written.put("detail", image.detail().isEmpty() ? "auto" : image.detail());
    }

    private JsonObject document(Part.Document document) {
        loseMark(document.cache());
        JsonObject written = new JsonObject().put("type", "input_file");
        if (document.media() instanceof Media.Stored stored) {
            return written.put("file_id", stored.id());
        }
        if (document.media() instanceof Media.Remote remote) {
            return written.put("file_url", remote.url());
        }
        return written.put("file_data", OpenAiMedia.url(document.media()))
                .put("filename", OpenAiMedia.filename(document));
    }

    // ---- tools ----

    private void tools() {
        JsonArray tools = new JsonArray();
        for (Tool tool : conversation.tools()) {
            if (tool instanceof Tool.Function function) {
                loseMark(function.cache());
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
            OpenAiTools.putChoice(body, choice, new JsonObject().put("type", "function").put("name", choice.tool()));
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
                : written.put("user_location", new JsonObject().put("type", "approximate").mergeIn(place));
    }

    // ---- the rest ----

    private void form() {
        AnswerForm form = conversation.form();
        switch (form.kind()) {
            case TEXT -> {}
            case JSON ->
                body.put("text", new JsonObject().put("format", new JsonObject().put("type", "json_object")));
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
