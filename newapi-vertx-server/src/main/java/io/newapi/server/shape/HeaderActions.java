package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The actions on headers. A header that is not there is not copied: what a client sends must not decide whether a call goes. */
final class HeaderActions {

    private HeaderActions() {}

    static Action set(String name, String value, boolean keepOrigin) {
        String checked = HeaderRules.requireName(name);
        HeaderRules.requireValue(value);
        return draft -> put(draft, checked, value, keepOrigin);
    }

    static Action copy(String from, String to, boolean keepOrigin) {
        String target = HeaderRules.requireName(to);
        HeaderRules.requireName(from);
        return draft -> source(draft, from).ifPresent(value -> put(draft, target, value, keepOrigin));
    }

    static Action move(String from, String to, boolean keepOrigin) {
        Action copy = copy(from, to, keepOrigin);
        return from.equalsIgnoreCase(to)
                ? copy
                : draft -> {
                    copy.apply(draft);
                    draft.headers().remove(from);
                };
    }

    /** The client's headers of these names: a list of texts, or one text with commas. */
    static Action pass(JsonNode names, boolean keepOrigin) {
        List<String> checked = new ArrayList<>();
        if (names.isTextual()) {
            for (String name : names.textValue().split(",", -1)) {
                checked.add(HeaderRules.requireName(name.strip()));
            }
        } else {
            names.forEach(name -> checked.add(HeaderRules.requireName(name.asText(""))));
        }
        if (checked.isEmpty()) {
            throw new InvalidShapeException("value must name the headers");
        }
        List<String> all = List.copyOf(checked);
        return draft ->
                all.forEach(name -> draft.client().get(name).ifPresent(value -> put(draft, name, value, keepOrigin)));
    }

    private static Optional<String> source(Draft draft, String name) {
        return draft.headers().get(name).or(() -> draft.client().get(name));
    }

    private static void put(Draft draft, String name, String value, boolean keepOrigin) {
        if (!keepOrigin || draft.headers().get(name).isEmpty()) {
            draft.headers().set(name, value);
        }
    }
}
