package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.CompletionCount;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a response ("Responses", "The response object"). Confined to one thread. */
final class ResponsesReplyReader {

    private final Fields in;

    ResponsesReplyReader(Fields in) {
        this.in = in;
    }

    Reply read() {
        switch (in.text("status", "completed")) {
            case "completed", "incomplete" -> {}
            case "failed" -> throw in.bad("status", "is that of an answer that failed");
            default -> throw in.bad("status", "is not that of an answer that is complete");
        }
        List<Part> parts = new ArrayList<>();
        for (Fields item : in.objects("output")) {
            parts.addAll(parts(item));
        }
        boolean calls = parts.stream().anyMatch(Part.ToolCall.class::isInstance);
        return new Reply(in.text("id", ""), in.text("model", ""), parts, finish(in, calls), "", spent(in));
    }

    /** What an item says; nothing for the record of what a tool of the provider's did. */
    static List<Part> parts(Fields item) {
        return switch (item.text("type")) {
            case "message" -> ResponsesItems.content(item, "content", field -> {});
            case "reasoning" -> ResponsesItems.reasoning(item);
            case "function_call" -> List.of(ResponsesItems.call(item));
            case "image_generation_call" -> picture(item);
            default -> List.of();
        };
    }

    private static List<Part> picture(Fields item) {
        String result = item.text("result", "");
        if (result.isEmpty()) {
            return List.of();
        }
        String type = "image/" + item.text("output_format", "png");
        return List.of(new Part.Image(new Media.Inline(type, result), "", Part.CacheMark.NONE));
    }

    static FinishReason finish(Fields response, boolean calls) {
        if (response.text("status", "").equals("incomplete")) {
            Fields details = response.objectOrNull("incomplete_details");
            return details != null && details.text("reason", "").equals("content_filter")
                    ? FinishReason.CONTENT_FILTER
                    : FinishReason.LENGTH;
        }
        return calls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
    }

    static @Nullable Spent spent(Fields response) {
        return OpenAiUsage.read(response.value("usage"), CompletionCount.WITH_REASONING);
    }
}
