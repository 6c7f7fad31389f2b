package io.newapi.server.relay.wire.chat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the calls of one streamed answer apart ("The chat completion chunk object", {@code delta.tool_calls}). OpenAI numbers
 * them, and names id and function in each first chunk; others leave out the number or the id, give all the same number, repeat
 * id and name in every chunk, or name the function late. Confined to one thread.
 */
final class ChatCalls {

    private static final class Call {
        private final int number;
        private final String id;
        private final boolean idGiven;
        private final StringBuilder held = new StringBuilder();
        private String name = "";
        private String signature = "";
        private boolean told;

        private Call(int number, String id, boolean idGiven) {
            this.number = number;
            this.id = id;
            this.idGiven = idGiven;
        }
    }

    private final List<Call> all = new ArrayList<>();
    private final Map<Long, Call> byIndex = new HashMap<>();
    private @Nullable Call last;

    boolean any() {
        return !all.isEmpty();
    }

    /** Reads an element of {@code tool_calls}. */
    void read(Fields entry, String answerId, List<Piece> out) {
        Fields function = entry.objectOrNull("function");
        String id = entry.text("id", "");
        String name = function == null ? "" : function.text("name", "");
        Long index = entry.integer("index");
        Call call = find(index, id, name);
        if (call == null) {
            call = open(id, answerId);
        }
        if (index != null) {
            byIndex.put(index, call);
        }
        take(call, name, ChatParts.signature(entry), function == null ? "" : ChatParts.arguments(function), out);
    }

    /** Reads the {@code function_call} of 2023, of which there is one. */
    void readUnnumbered(Fields function, String answerId, List<Piece> out) {
        Call call = last == null ? open("", answerId) : last;
        take(call, function.text("name", ""), "", ChatParts.arguments(function), out);
    }

    /** Tells the calls whose function was never named. */
    void end(List<Piece> out) {
        for (Call call : all) {
            tell(call, out);
        }
    }

    private Call open(String id, String answerId) {
        int number = all.size();
        Call call = new Call(number, id.isEmpty() ? ChatReplyReader.madeUpId(answerId, number) : id, !id.isEmpty());
        all.add(call);
        return call;
    }

    private @Nullable Call find(@Nullable Long index, String id, String name) {
        Call numbered = index == null ? null : byIndex.get(index);
        if (numbered != null) {
            boolean another = numbered.idGiven && !id.isEmpty() && !id.equals(numbered.id) && !name.isEmpty();
            return another ? null : numbered;
        }
        if (!id.isEmpty()) {
            return all.stream().filter(call -> call.id.equals(id)).findFirst().orElse(null);
        }
        return index == null && name.isEmpty() ? last : null;
    }

    private void take(Call call, String name, String signature, String arguments, List<Piece> out) {
        last = call;
        if (call.name.isEmpty()) {
            call.name = name;
        }
        if (call.signature.isEmpty()) {
            call.signature = signature;
        }
        if (!call.told) {
            call.held.append(arguments);
            if (!call.name.isEmpty()) {
                tell(call, out);
            }
        } else if (!arguments.isEmpty()) {
            out.add(new Piece.Arguments(call.number, arguments));
        }
    }

    private static void tell(Call call, List<Piece> out) {
        if (call.told) {
            return;
        }
        call.told = true;
        out.add(new Piece.Call(call.number, call.id, call.name, call.signature));
        if (!call.held.isEmpty()) {
            out.add(new Piece.Arguments(call.number, call.held.toString()));
            call.held.setLength(0);
        }
    }
}
