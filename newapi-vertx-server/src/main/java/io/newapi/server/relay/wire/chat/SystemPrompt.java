package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.JsonTree;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Instructions that a channel gives the model: where the client gives none, or in front of the client's own too. They are put into
 * the client's request, in its format, before it is translated.
 *
 * @param text not empty
 * @param always whether in front of the client's own too
 */
public record SystemPrompt(String text, boolean always) {

    private static final String CONTENT = "content";
    private static final String SYSTEM = "system";
    private static final String INSTRUCTIONS = "instructions";
    private static final String PARTS = "parts";
    private static final List<String> GEMINI = List.of("systemInstruction", "system_instruction");

    /**
     * The request with the instructions in it; the same request if it keeps its own.
     *
     * @param upstreamModel the provider's name for the model, which decides who speaks the instructions
     * @throws Unreadable if the body cannot be read
     */
    public ClientRequest in(ClientRequest request, String upstreamModel) {
        JsonObject body;
        try {
            body = JsonTree.read(request.body());
        } catch (IOException e) {
            throw new Unreadable("", "is not JSON that can be read");
        }
        boolean changed = switch (request.format()) {
            case CHAT -> chat(body, upstreamModel);
            case MESSAGES -> messages(body);
            case RESPONSES -> responses(body);
            case GEMINI -> gemini(body);
            // the others have no place for instructions
            default -> false;
        };
        return changed ? request.withBody(JsonTree.write(body)) : request;
    }

    private boolean chat(JsonObject body, String model) {
        if (!(body.getValue("messages") instanceof JsonArray messages)) {
            return false;
        }
        int at = instructor(messages);
        if (at < 0) {
            JsonObject ours =
                    new JsonObject().put("role", OpenAiModels.instructor(model)).put(CONTENT, text);
            messages.add(0, ours);
            return true;
        }
        return always && inFront(messages.getJsonObject(at), CONTENT, new JsonObject().put("type", "text"));
    }

    /** The first who speaks instructions; negative if nobody does. */
    private static int instructor(JsonArray said) {
        return IntStream.range(0, said.size())
                .filter(i -> said.getValue(i) instanceof JsonObject message
                        && (SYSTEM.equals(message.getValue("role")) || "developer".equals(message.getValue("role"))))
                .findFirst()
                .orElse(-1);
    }

    private boolean messages(JsonObject body) {
        Object own = body.getValue(SYSTEM);
        boolean none = own == null || "".equals(own) || (own instanceof JsonArray blocks && blocks.isEmpty());
        if (none) {
            body.put(SYSTEM, text);
            return true;
        }
        return always && inFront(body, SYSTEM, new JsonObject().put("type", "text"));
    }

    private boolean responses(JsonObject body) {
        boolean own = body.getValue(INSTRUCTIONS) instanceof String instructions && !instructions.isBlank();
        if (own) {
            return always && inFront(body, INSTRUCTIONS, new JsonObject());
        }
        if (!always && body.getValue("input") instanceof JsonArray input && instructor(input) >= 0) {
            return false;
        }
        body.put(INSTRUCTIONS, text);
        return true;
    }

    private boolean gemini(JsonObject body) {
        String field = GEMINI.stream().filter(body::containsKey).findFirst().orElse(GEMINI.get(0));
        JsonArray parts =
                body.getValue(field) instanceof JsonObject own && own.getValue(PARTS) instanceof JsonArray said
                        ? said
                        : new JsonArray();
        boolean none = IntStream.range(0, parts.size())
                .allMatch(i -> parts.getValue(i) instanceof JsonObject part && "".equals(part.getValue("text", "")));
        JsonObject ours = new JsonObject().put("text", text);
        if (none) {
            body.put(field, new JsonObject().put(PARTS, new JsonArray().add(ours)));
        } else if (always) {
            parts.add(0, ours);
        }
        return none || always;
    }

    /** Before a text, with a line end between; before blocks, as a block of its own; in place of nothing. */
    private boolean inFront(JsonObject holder, String field, JsonObject block) {
        Object own = holder.getValue(field);
        if (own instanceof JsonArray blocks) {
            blocks.add(0, block.put("text", text));
        } else if (own instanceof String said && !said.isEmpty()) {
            holder.put(field, text + "\n" + said);
        } else {
            holder.put(field, text);
        }
        return true;
    }
}
