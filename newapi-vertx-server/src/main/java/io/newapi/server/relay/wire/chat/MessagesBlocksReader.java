package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Reads the content of Anthropic's messages (Messages API reference, {@code ContentBlockParam}). One for each request; not
 * thread-safe.
 */
final class MessagesBlocksReader {

    /** What a provider's own tools did, which no other provider can use again. */
    private static final Set<String> OF_THE_SERVER = Set.of(
            "server_tool_use",
            "web_search_tool_result",
            "web_fetch_tool_result",
            "code_execution_tool_result",
            "bash_code_execution_tool_result",
            "text_editor_code_execution_tool_result",
            "tool_search_tool_result",
            "tool_reference",
            "browser_state",
            "mcp_tool_use",
            "mcp_tool_result");

    private final List<String> unheld;
    private String signature = "";

    MessagesBlocksReader(List<String> unheld) {
        this.unheld = unheld;
    }

    /** What a field says that is a text or a list of blocks; nothing if it is not there. */
    List<Part> parts(Fields owner, String name) {
        List<Part> parts = new ArrayList<>();
        signature = "";
        addContent(owner, name, parts);
        return parts;
    }

    private void addContent(Fields owner, String name, List<Part> to) {
        Object value = owner.value(name);
        if (value instanceof String text) {
            addText(text, Part.CacheMark.NONE, to);
        } else if (value instanceof JsonArray) {
            owner.objects(name).forEach(block -> add(block, to));
        } else if (value != null) {
            throw owner.bad(name, "must be a string or an array");
        }
    }

    /** The texts of the system prompt. */
    List<Part.Text> texts(Fields owner, String name) {
        List<Part.Text> texts = new ArrayList<>();
        for (Part part : parts(owner, name)) {
            if (!(part instanceof Part.Text text)) {
                throw owner.bad(name, "must hold texts only");
            }
            texts.add(text);
        }
        return texts;
    }

    private static void addText(String text, Part.CacheMark cache, List<Part> to) {
        if (!text.isEmpty()) {
            to.add(new Part.Text(text, cache));
        }
    }

    private void add(Fields block, List<Part> to) {
        String type = block.text("type");
        switch (type) {
            case "text" -> addText(block.text("text"), MessagesCache.read(block), to);
            case "image" -> to.add(new Part.Image(media(block.object("source")), "", MessagesCache.read(block)));
            case "document" -> addDocument(block, to);
            case "search_result" ->
                to.add(new Part.Document(
                        plain(joined(block, "content")), block.text("title", ""), MessagesCache.read(block)));
            case "container_upload" ->
                to.add(new Part.Document(new Media.Stored(block.text("file_id")), "", Part.CacheMark.NONE));
            case "thinking" -> to.add(new Part.Thought(block.text("thinking", ""), block.text("signature", "")));
            case "redacted_thinking" -> addHidden(block.text("data"), to);
            case "tool_use" -> addCall(block, to);
            case "tool_result" -> to.add(result(block));
            default -> {
                if (!OF_THE_SERVER.contains(type)) {
                    throw block.bad("type", "is not a kind of block that can be said in another format");
                }
                unheld.add(block.path("type"));
            }
        }
    }

    private void addHidden(String data, List<Part> to) {
        if (CarriedSignature.isIn(data)) {
            signature = CarriedSignature.of(data);
        } else {
            to.add(new Part.HiddenThought(data));
        }
    }

    private void addCall(Fields block, List<Part> to) {
        Fields input = block.objectOrNull("input");
        to.add(new Part.ToolCall(
                block.text("id"),
                block.text("name"),
                input == null ? "{}" : CallInput.write(input.json()),
                signature,
                MessagesCache.read(block)));
        signature = "";
    }

    private Part result(Fields block) {
        List<Part> content = new ArrayList<>();
        addContent(block, "content", content);
        return new Part.ToolResult(
                block.text("tool_use_id"), "", content, block.flag("is_error"), MessagesCache.read(block));
    }

    private void addDocument(Fields block, List<Part> to) {
        Fields source = block.object("source");
        Part.CacheMark cache = MessagesCache.read(block);
        Fields citations = block.objectOrNull("citations");
        if (citations != null && citations.flag("enabled")) {
            unheld.add(block.path("citations"));
        }
        addText(block.text("context", ""), Part.CacheMark.NONE, to);
        if (source.text("type").equals("content")) {
            addContent(source, "content", to);
        } else {
            to.add(new Part.Document(media(source), block.text("title", ""), cache));
        }
    }

    private static Media media(Fields source) {
        return switch (source.text("type")) {
            case "base64" -> new Media.Inline(source.text("media_type"), source.text("data"));
            case "text" -> plain(source.text("data"));
            case "url" -> new Media.Remote(source.text("url"), "");
            case "file" -> new Media.Stored(source.text("file_id"));
            default -> throw source.bad("type", "must be base64, text, url or file");
        };
    }

    private static Media plain(String text) {
        return new Media.Inline(
                "text/plain", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String joined(Fields owner, String name) {
        StringBuilder all = new StringBuilder();
        owner.objects(name).forEach(block -> all.append(block.text("text")));
        return all.toString();
    }
}
