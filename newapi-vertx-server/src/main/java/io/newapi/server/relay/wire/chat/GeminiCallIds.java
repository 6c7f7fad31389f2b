package io.newapi.server.relay.wire.chat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Ids for calls that have none (Gemini API reference, {@code FunctionCall.id}: optional). A result without one answers the first call
 * of its name that is not answered yet. The same conversation gets the same ids, however far it has gone. Not thread-safe.
 */
final class GeminiCallIds {

    private final Set<String> used = new HashSet<>();
    private final Map<String, Deque<String>> unanswered = new HashMap<>();
    private int next;

    /** The id of the next call. */
    String ofCall(String given, String name) {
        String id = given.isEmpty() ? fresh() : given;
        used.add(id);
        unanswered.computeIfAbsent(name, ignored -> new ArrayDeque<>()).add(id);
        return id;
    }

    /** The id of the call that the next result answers. */
    String ofResult(String given, String name) {
        Deque<String> open = unanswered.getOrDefault(name, new ArrayDeque<>());
        if (!given.isEmpty() && (open.remove(given) || used.contains(given) || open.isEmpty())) {
            return given;
        }
        return open.isEmpty() ? fresh() : open.remove();
    }

    private String fresh() {
        String id;
        do {
            id = "call_" + next++;
        } while (!used.add(id));
        return id;
    }

    /**
     * The id of a call in an answer that gives none: the answer's own name and the call's number, at most 40 characters, which is
     * what OpenAI takes back.
     */
    static String inAnswer(String answerId, String name, String arguments, int number) {
        String answer = answerId.isEmpty() ? Integer.toHexString((name + arguments).hashCode()) : answerId;
        String shortened = answer.length() > 30 ? answer.substring(answer.length() - 30) : answer;
        return "call_" + MessagesBlocks.callId(shortened) + "_" + number;
    }
}
