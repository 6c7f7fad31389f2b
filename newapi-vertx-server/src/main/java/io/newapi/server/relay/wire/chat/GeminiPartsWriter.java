package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.JsonTree;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the parts of a request's contents (Gemini API reference, {@code Part}). One for each request; not thread-safe. */
final class GeminiPartsWriter {

    /**
     * Tells Gemini 3 not to look for the signature of a call (documentation, thought signatures: FAQs, on history from a model that
     * signs nothing).
     */
    static final String UNSIGNED = "skip_thought_signature_validator";

    /** A call of the conversation, and how many there were before it. */
    private record Place(String name, int number) {}

    private final Map<String, Place> calls = new HashMap<>();
    private final GeminiModel model;
    private final Set<String> lost;

    GeminiPartsWriter(List<Turn> turns, GeminiModel model, Set<String> lost) {
        this.model = model;
        this.lost = lost;
        for (Turn turn : turns) {
            for (Part part : turn.parts()) {
                if (part instanceof Part.ToolCall call) {
                    calls.putIfAbsent(call.id(), new Place(call.name(), calls.size()));
                }
            }
        }
    }

    /** What the client says: results first, in the order of the calls. */
    JsonArray ofUser(List<Part> said) {
        JsonArray parts = new JsonArray();
        said.stream()
                .filter(part -> part instanceof Part.ToolResult)
                .map(part -> (Part.ToolResult) part)
                .sorted(Comparator.comparingInt(this::place))
                .forEach(result -> addResult(result, parts));
        for (Part part : said) {
            if (!(part instanceof Part.ToolResult)) {
                addShown(part, parts);
            }
        }
        return parts;
    }

    private int place(Part.ToolResult result) {
        Place place = calls.get(result.callId());
        return place == null ? Integer.MAX_VALUE : place.number();
    }

    /**
     * What the model said. Signatures of thoughts are Anthropic's and stay away; those of calls are Google's. The first call of a
     * turn carries the signature; if none does, that is said where it would be refused.
     */
    JsonArray ofModel(List<Part> said) {
        boolean signed = said.stream()
                .anyMatch(part ->
                        part instanceof Part.ToolCall call && !call.signature().isEmpty());
        boolean unsigned = model.wantsSignatures() && !signed;
        JsonArray parts = new JsonArray();
        for (Part part : said) {
            if (part instanceof Part.ToolCall call) {
                lose("cache_control", call.cache() != Part.CacheMark.NONE);
                parts.add(call(call, unsigned ? UNSIGNED : call.signature()));
                unsigned = false;
            } else if (part instanceof Part.Thought thought) {
                if (!thought.text().isEmpty()) {
                    parts.add(thought(thought.text()));
                }
            } else if (part instanceof Part.HiddenThought) {
                lost.add("redacted_thinking");
            } else {
                addShown(part, parts);
            }
        }
        return parts;
    }

    static JsonObject thought(String text) {
        return new JsonObject().put("text", text).put("thought", true);
    }

    static JsonObject call(Part.ToolCall call, String signature) {
        JsonObject part = new JsonObject()
                .put(
                        "functionCall",
                        new JsonObject()
                                .put("id", call.id())
                                .put("name", call.name())
                                .put("args", CallInput.read(call.arguments())));
        return signature.isEmpty() ? part : part.put("thoughtSignature", signature);
    }

    private void addShown(Part part, JsonArray to) {
        if (part instanceof Part.Text text) {
            lose("cache_control", text.cache() != Part.CacheMark.NONE);
            addText(text.text(), to);
        } else if (part instanceof Part.Refusal refusal) {
            addText(refusal.text(), to);
        } else if (part instanceof Part.Image image) {
            lose("cache_control", image.cache() != Part.CacheMark.NONE);
            lose("detail", !image.detail().isEmpty() && !image.detail().equals("auto"));
            to.add(GeminiMedia.write(image.media(), "image/jpeg"));
        } else if (part instanceof Part.Document document) {
            lose("cache_control", document.cache() != Part.CacheMark.NONE);
            lose("filename", !document.title().isEmpty());
            to.add(GeminiMedia.write(document.media(), "application/pdf"));
        } else if (part instanceof Part.Audio audio) {
            to.add(GeminiMedia.write(audio.media(), "audio/mp3"));
        } else if (part instanceof Part.Video video) {
            to.add(GeminiMedia.write(video.media(), "video/mp4"));
        } else {
            throw new Unsayable("what only a model says");
        }
    }

    private static void addText(String text, JsonArray to) {
        if (!text.isEmpty()) {
            to.add(new JsonObject().put("text", text));
        }
    }

    private void addResult(Part.ToolResult result, JsonArray to) {
        lose("cache_control", result.cache() != Part.CacheMark.NONE);
        StringBuilder text = new StringBuilder();
        JsonArray media = new JsonArray();
        for (Part part : result.content()) {
            if (part instanceof Part.Text words) {
                text.append(words.text());
            } else {
                addShown(part, media);
            }
        }
        JsonObject response = new JsonObject()
                .put("id", result.callId())
                .put("name", nameOf(result))
                .put("response", response(text.toString(), result.failed()));
        to.add(new JsonObject().put("functionResponse", response));
        if (!media.isEmpty() && model.readsPicturesInResults()) {
            response.put("parts", media);
        } else {
            to.addAll(media);
        }
    }

    private String nameOf(Part.ToolResult result) {
        Place place = calls.get(result.callId());
        String called = place == null ? result.callId() : place.name();
        return result.name().isEmpty() ? called : result.name();
    }

    private static JsonObject response(String text, boolean failed) {
        if (failed) {
            return new JsonObject().put("error", text);
        }
        try {
            return JsonTree.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new JsonObject().put("output", text);
        }
    }

    private void lose(String field, boolean when) {
        if (when) {
            lost.add(field);
        }
    }
}
