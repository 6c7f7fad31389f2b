package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.CompletionCount;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a chat completion ("Chat Completions", "The chat completion object"), its first choice. Confined to one thread.
 */
final class ChatReplyReader {

    private final Fields in;
    private final CompletionCount counting;

    ChatReplyReader(Fields in, CompletionCount counting) {
        this.in = in;
        this.counting = counting;
    }

    Reply read() {
        Fields choice = first();
        Fields message = choice.object("message");
        List<Part> parts = new ArrayList<>(ChatParts.thoughts(message));
        parts.addAll(ChatParts.content(message, "content", field -> {}));
        String refusal = message.text("refusal", "");
        if (!refusal.isEmpty()) {
            parts.add(new Part.Refusal(refusal));
        }
        for (Fields image : message.objects("images")) {
            Media media = OpenAiMedia.read(image.object("image_url"), "url");
            parts.add(new Part.Image(media, "", Part.CacheMark.NONE));
        }
        int calls = calls(message, parts);
        return new Reply(
                in.text("id", ""),
                in.text("model", ""),
                parts,
                finish(choice.text("finish_reason", ""), calls > 0),
                "",
                OpenAiUsage.read(in.value("usage"), counting));
    }

    /** By its number, or without one. */
    private Fields first() {
        for (Fields choice : in.objects("choices")) {
            if (choice.count("index") == 0) {
                return choice;
            }
        }
        throw in.bad("choices", "has no first answer");
    }

    private int calls(Fields message, List<Part> parts) {
        int calls = 0;
        for (Fields call : message.objects("tool_calls")) {
            String id = call.text("id", "");
            parts.add(ChatParts.call(call, id.isEmpty() ? madeUpId(in.text("id", ""), calls) : id));
            calls++;
        }
        Fields call = message.objectOrNull("function_call");
        if (call != null) {
            String arguments = ChatParts.arguments(call);
            parts.add(new Part.ToolCall(
                    madeUpId(in.text("id", ""), calls),
                    call.text("name"),
                    arguments.isBlank() ? "{}" : arguments,
                    "",
                    Part.CacheMark.NONE));
            calls++;
        }
        return calls;
    }

    /** An id for a call whose provider gave none, unique as long as the answers' are. */
    static String madeUpId(String answerId, int call) {
        return answerId.isEmpty() ? "call_" + call : "call_" + answerId + "_" + call;
    }

    /** Some providers say {@code stop} where they want tools to be run. */
    static FinishReason finish(String word, boolean calls) {
        return switch (word) {
            case "length", "max_tokens" -> FinishReason.LENGTH;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            default -> calls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
        };
    }

    /** The other way round. */
    static String word(FinishReason finish) {
        return switch (finish) {
            case STOP, STOP_SEQUENCE, PAUSED -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}
