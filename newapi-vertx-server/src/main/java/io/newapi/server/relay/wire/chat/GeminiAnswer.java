package io.newapi.server.relay.wire.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the candidates of an answer, whole or streamed (Gemini API reference, {@code GenerateContentResponse}); only the first, as
 * more are never asked for. One for each answer; not thread-safe.
 */
final class GeminiAnswer {

    private int calls;
    private String reason = "";

    /** What a response, or an event of a streamed one, says. */
    List<Part> parts(GeminiFields response) {
        List<Part> parts = new ArrayList<>();
        for (GeminiFields candidate : response.objects("candidates")) {
            if (candidate.count("index") == 0) {
                addParts(candidate, response.text("responseId", ""), parts);
                reason = candidate.text("finishReason", reason);
            }
        }
        GeminiFields feedback = response.objectOrNull("promptFeedback");
        if (feedback != null && feedback.has("blockReason")) {
            reason = feedback.text("blockReason");
        }
        return parts;
    }

    /** Whether it has been said why it ends. */
    boolean isOver() {
        return !reason.isEmpty();
    }

    FinishReason finish() {
        return GeminiFinish.read(reason, calls > 0);
    }

    /** How many calls have been read. */
    int calls() {
        return calls;
    }

    private void addParts(GeminiFields candidate, String answerId, List<Part> to) {
        GeminiFields content = candidate.objectOrNull("content");
        if (content == null) {
            return;
        }
        for (GeminiFields part : content.objects("parts")) {
            if (part.has("functionCall")) {
                to.add(call(part, answerId));
            } else if (part.has("inlineData")) {
                to.add(GeminiMedia.inline(part.object("inlineData")));
            } else if (part.has("executableCode") || part.has("codeExecutionResult")) {
                to.add(Part.Text.of(GeminiCode.text(part)));
            } else if (!part.text("text", "").isEmpty()) {
                String text = part.text("text");
                to.add(part.flag("thought") ? new Part.Thought(text, "") : Part.Text.of(text));
            }
        }
    }

    private Part call(GeminiFields part, String answerId) {
        GeminiFields call = part.object("functionCall");
        String name = call.text("name");
        GeminiFields args = call.objectOrNull("args");
        String arguments = args == null ? "{}" : CallInput.write(args.json());
        int number = calls++;
        String given = call.text("id", "");
        return new Part.ToolCall(
                given.isEmpty() ? GeminiCallIds.inAnswer(answerId, name, arguments, number) : given,
                name,
                arguments,
                part.text("thoughtSignature", ""),
                Part.CacheMark.NONE);
    }
}
