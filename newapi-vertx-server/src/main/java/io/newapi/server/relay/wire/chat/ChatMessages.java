package io.newapi.server.relay.wire.chat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the messages of a chat completion request ("Create chat completion", {@code messages}), those with a function's name of
 * 2023 too. What a system or developer message says behind the first words of others goes to the instructions. Confined to one
 * thread.
 */
final class ChatMessages {

    private final OpenAiTurns turns = new OpenAiTurns();

    /** The calls of functions that had no ids yet, by name. */
    private final Map<String, String> unnumbered = new HashMap<>();

    OpenAiTurns read(Fields request) {
        for (Fields message : request.objects("messages")) {
            if (message.has("name") && !message.text("name").isEmpty()) {
                noteName(message);
            }
            switch (message.text("role")) {
                case "system", "developer" -> turns.instruct(message, content(message));
                case "user" -> turns.ask(content(message));
                case "assistant" -> answer(message);
                case "tool" ->
                    turns.say(
                            Turn.Role.USER,
                            result(message, message.text("tool_call_id"), OpenAiCacheMarks.read(message)));
                case "function" ->
                    turns.say(
                            Turn.Role.USER,
                            result(
                                    message,
                                    unnumbered.getOrDefault(message.text("name"), message.text("name")),
                                    Part.CacheMark.NONE));
                default -> throw message.bad("role", "must be system, developer, user, assistant or tool");
            }
        }
        return turns;
    }

    private List<Part> content(Fields message) {
        return ChatParts.content(message, "content", turns::unheld);
    }

    private void noteName(Fields message) {
        String role = message.text("role");
        if (!role.equals("tool") && !role.equals("function")) {
            turns.unheld(message.path("name"));
        }
    }

    private void answer(Fields message) {
        if (message.has("audio")) {
            throw new Unsayable("the sound of an earlier answer");
        }
        turns.say(Turn.Role.ASSISTANT, ChatParts.thoughts(message));
        turns.say(Turn.Role.ASSISTANT, content(message));
        String refusal = message.text("refusal", "");
        if (!refusal.isEmpty()) {
            turns.say(Turn.Role.ASSISTANT, new Part.Refusal(refusal));
        }
        for (Fields call : message.objects("tool_calls")) {
            if (call.text("type", "function").equals("custom")) {
                throw new Unsayable("custom tools");
            }
            turns.say(Turn.Role.ASSISTANT, ChatParts.call(call, call.text("id")));
        }
        Fields call = message.objectOrNull("function_call");
        if (call != null) {
            turns.say(Turn.Role.ASSISTANT, unnumbered(call));
        }
    }

    private Part.ToolCall unnumbered(Fields call) {
        String name = call.text("name");
        String id = "call_" + name + "_" + unnumbered.size();
        unnumbered.put(name, id);
        String arguments = ChatParts.arguments(call);
        return new Part.ToolCall(id, name, arguments.isBlank() ? "{}" : arguments, "", Part.CacheMark.NONE);
    }

    private Part.ToolResult result(Fields message, String callId, Part.CacheMark cache) {
        List<Part> content = content(message);
        return new Part.ToolResult(callId, message.text("name", ""), content, false, cache);
    }
}
