package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the parts of a request's contents (Gemini API reference, {@code Part}). Texts and thoughts of the model's that a client kept
 * as they came in a stream are one again. One for each request; not thread-safe.
 */
final class GeminiPartsReader {

    private static final Set<String> READ = Set.of(
            "text",
            "thought",
            "thoughtSignature",
            "inlineData",
            "fileData",
            "functionCall",
            "functionResponse",
            "executableCode",
            "codeExecutionResult",
            "partMetadata");

    /** What clients write who have no signature (documentation, thought signatures: FAQs). */
    private static final Set<String> NO_SIGNATURES =
            Set.of(GeminiPartsWriter.UNSIGNED, "context_engineering_is_the_way_to_go");

    private final List<String> unheld;
    private final GeminiCallIds ids = new GeminiCallIds();

    GeminiPartsReader(List<String> unheld) {
        this.unheld = unheld;
    }

    List<Part> ofUser(GeminiFields content) {
        List<Part> parts = new ArrayList<>();
        content.objects("parts").forEach(part -> add(part, parts));
        return parts;
    }

    List<Part> ofModel(GeminiFields content) {
        List<Part> joined = new ArrayList<>();
        for (Part part : ofUser(content)) {
            int last = joined.size() - 1;
            Part before = last < 0 ? null : joined.get(last);
            if (before instanceof Part.Text first && part instanceof Part.Text second) {
                joined.set(last, Part.Text.of(first.text() + second.text()));
            } else if (before instanceof Part.Thought first
                    && first.signature().isEmpty()
                    && part instanceof Part.Thought second) {
                joined.set(last, new Part.Thought(first.text() + second.text(), second.signature()));
            } else {
                joined.add(part);
            }
        }
        return joined;
    }

    private void add(GeminiFields part, List<Part> to) {
        String said = part.text("thoughtSignature", "");
        String signature = NO_SIGNATURES.contains(said) ? "" : said;
        if (part.has("functionCall")) {
            to.add(call(part.object("functionCall"), signature));
        } else if (part.has("functionResponse")) {
            to.add(result(part.object("functionResponse")));
        } else if (part.has("inlineData")) {
            to.add(GeminiMedia.inline(part.object("inlineData")));
        } else if (part.has("fileData")) {
            to.add(GeminiMedia.file(part.object("fileData")));
        } else if (part.flag("thought")) {
            addThought(part.text("text", ""), signature, to);
        } else if (part.has("executableCode") || part.has("codeExecutionResult")) {
            to.add(Part.Text.of(GeminiCode.text(part)));
        } else if (!part.text("text", "").isEmpty()) {
            to.add(Part.Text.of(part.text("text")));
        }
        unheld.addAll(part.others(READ));
    }

    private static void addThought(String text, String signature, List<Part> to) {
        if (!text.isEmpty() || !signature.isEmpty()) {
            to.add(new Part.Thought(text, signature));
        }
    }

    private Part call(GeminiFields call, String signature) {
        String name = call.text("name");
        GeminiFields args = call.objectOrNull("args");
        return new Part.ToolCall(
                ids.ofCall(call.text("id", ""), name),
                name,
                args == null ? "{}" : CallInput.write(args.json()),
                signature,
                Part.CacheMark.NONE);
    }

    /** {@code output} is what came of it and {@code error} what went wrong; without either it is the whole object. */
    private Part result(GeminiFields result) {
        String name = result.text("name");
        GeminiFields response = result.objectOrNull("response");
        JsonObject said = response == null ? new JsonObject() : response.json();
        boolean failed = said.size() == 1 && said.getValue("error") != null;
        Object only = said.size() == 1 ? said.getValue(failed ? "error" : "output") : null;
        String text = only instanceof String words ? words : said.isEmpty() ? "" : CallInput.write(said);
        List<Part> content = new ArrayList<>();
        if (!text.isEmpty()) {
            content.add(Part.Text.of(text));
        }
        result.objects("parts").forEach(part -> add(part, content));
        return new Part.ToolResult(
                ids.ofResult(result.text("id", ""), name), name, content, failed, Part.CacheMark.NONE);
    }
}
