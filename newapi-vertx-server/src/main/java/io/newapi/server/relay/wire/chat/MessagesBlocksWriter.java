package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Writes the content of messages for Anthropic (Messages API reference, {@code ContentBlockParam}). Texts without a letter are left
 * out, as it refuses them. One for each request; not thread-safe.
 */
final class MessagesBlocksWriter {

    private static final Set<String> PICTURES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private final Set<String> lost;

    MessagesBlocksWriter(Set<String> lost) {
        this.lost = lost;
    }

    /** What the client says; results come first, as Anthropic wants them (documentation, handle tool calls). */
    JsonArray ofUser(List<Part> parts) {
        JsonArray blocks = new JsonArray();
        for (Part part : parts) {
            if (part instanceof Part.ToolResult result) {
                blocks.add(result(result));
            }
        }
        for (Part part : parts) {
            if (!(part instanceof Part.ToolResult)) {
                addShown(part, blocks);
            }
        }
        return blocks;
    }

    /** What the model said. */
    JsonArray ofModel(List<Part> parts) {
        JsonArray blocks = new JsonArray();
        for (Part part : parts) {
            if (part instanceof Part.Text text) {
                addText(text.text(), text.cache(), blocks);
            } else if (part instanceof Part.Refusal refusal) {
                addText(refusal.text(), Part.CacheMark.NONE, blocks);
            } else if (part instanceof Part.Thought thought) {
                addThought(thought, blocks);
            } else if (part instanceof Part.HiddenThought hidden) {
                blocks.add(MessagesBlocks.hidden(hidden.data()));
            } else if (part instanceof Part.ToolCall call) {
                blocks.add(MessagesCache.write(
                        MessagesBlocks.call(call.id(), call.name(), CallInput.read(call.arguments())), call.cache()));
            } else {
                throw new Unsayable("pictures or sounds that the model made");
            }
        }
        return blocks;
    }

    /** A thought that nobody signed is not taken back. */
    private void addThought(Part.Thought thought, JsonArray to) {
        if (thought.signature().isEmpty()) {
            lost.add("reasoning_content");
        } else {
            to.add(MessagesBlocks.thinking(thought.text(), thought.signature()));
        }
    }

    private void addShown(Part part, JsonArray to) {
        if (part instanceof Part.Text text) {
            addText(text.text(), text.cache(), to);
        } else if (part instanceof Part.Refusal refusal) {
            addText(refusal.text(), Part.CacheMark.NONE, to);
        } else if (part instanceof Part.Image image) {
            to.add(image(image));
        } else if (part instanceof Part.Document document) {
            to.add(document(document));
        } else if (part instanceof Part.Audio) {
            throw new Unsayable("audio");
        } else if (part instanceof Part.Video) {
            throw new Unsayable("video");
        } else {
            throw new Unsayable("what only a model says");
        }
    }

    private static void addText(String text, Part.CacheMark cache, JsonArray to) {
        if (!text.isBlank()) {
            to.add(MessagesCache.write(MessagesBlocks.text(text), cache));
        }
    }

    private JsonObject image(Part.Image image) {
        if (!image.detail().isEmpty() && !image.detail().equals("auto")) {
            lost.add("detail");
        }
        JsonObject source;
        if (image.media() instanceof Media.Inline inline) {
            if (!PICTURES.contains(inline.mediaType())) {
                throw new Unsayable("pictures of the type " + inline.mediaType());
            }
            source = base64(inline);
        } else {
            source = elsewhere(image.media());
        }
        return MessagesCache.write(new JsonObject().put("type", "image").put("source", source), image.cache());
    }

    private static JsonObject document(Part.Document document) {
        JsonObject source =
                document.media() instanceof Media.Inline inline ? inlineDocument(inline) : elsewhere(document.media());
        JsonObject block = new JsonObject().put("type", "document").put("source", source);
        if (!document.title().isEmpty()) {
            block.put("title", document.title());
        }
        return MessagesCache.write(block, document.cache());
    }

    private static JsonObject inlineDocument(Media.Inline inline) {
        if (inline.mediaType().equals("application/pdf")) {
            return base64(inline);
        }
        if (!inline.mediaType().startsWith("text/")) {
            throw new Unsayable("documents of the type " + inline.mediaType());
        }
        try {
            return new JsonObject()
                    .put("type", "text")
                    .put("media_type", "text/plain")
                    .put("data", new String(Base64.getDecoder().decode(inline.base64()), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new Unsayable("a document that is not Base64");
        }
    }

    private static JsonObject base64(Media.Inline inline) {
        return new JsonObject()
                .put("type", "base64")
                .put("media_type", inline.mediaType())
                .put("data", inline.base64());
    }

    /** Files of Anthropic's are told by their names (Files API), which no other provider gives. */
    private static JsonObject elsewhere(Media media) {
        if (media instanceof Media.Remote remote) {
            return new JsonObject().put("type", "url").put("url", remote.url());
        }
        if (media instanceof Media.Stored stored && stored.id().startsWith("file_")) {
            return new JsonObject().put("type", "file").put("file_id", stored.id());
        }
        throw new Unsayable("files that are stored with another provider");
    }

    private JsonObject result(Part.ToolResult result) {
        JsonArray content = new JsonArray();
        result.content().forEach(part -> addShown(part, content));
        JsonObject block =
                new JsonObject().put("type", "tool_result").put("tool_use_id", MessagesBlocks.callId(result.callId()));
        if (!content.isEmpty()) {
            block.put("content", content);
        }
        if (result.failed()) {
            block.put("is_error", true);
        }
        return MessagesCache.write(block, result.cache());
    }
}
