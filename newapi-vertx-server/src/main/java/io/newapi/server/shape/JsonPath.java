package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A place in a tree: names of fields and indexes of lists, separated by dots, {@code messages.-1.content}. A negative index
 * counts from the end, {@code -1} is the last element. A backslash takes a dot, or any other character, for what it is.
 */
final class JsonPath {

    private static final Pattern INDEX = Pattern.compile("-?[0-9]{1,9}");

    /** What begins a query in the languages of paths that look like this one. */
    private static final String QUERIES = "#*?|@";

    private final List<String> steps;

    private JsonPath(List<String> steps) {
        this.steps = List.copyOf(steps);
    }

    static JsonPath parse(String text) {
        List<String> steps = new ArrayList<>();
        StringBuilder step = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                step.append(text.charAt(i));
            } else if (c == '.') {
                steps.add(step.toString());
                step.setLength(0);
            } else if (QUERIES.indexOf(c) >= 0) {
                throw new InvalidShapeException(
                        "a path may not hold " + c + "; a backslash before it makes it part of a name");
            } else {
                step.append(c);
            }
        }
        steps.add(step.toString());
        if (steps.contains("")) {
            throw new InvalidShapeException("a path is empty, or a part of it is");
        }
        return new JsonPath(steps);
    }

    /** What is there; missing if nothing is. */
    JsonNode in(JsonNode root) {
        JsonNode found = root;
        for (String step : steps) {
            found = child(found, step);
        }
        return found;
    }

    /** Puts {@code value} there; objects on the way are made where there is nothing. */
    void set(ObjectNode root, JsonNode value) {
        JsonNode holder = root;
        for (int i = 0; i < steps.size() - 1; i++) {
            JsonNode next = child(holder, steps.get(i));
            if (next.isMissingNode() || next.isNull()) {
                next = isFirst(steps.get(i + 1)) ? Trees.newArray() : Trees.newObject();
                put(holder, steps.get(i), next);
            }
            holder = next;
        }
        put(holder, steps.get(steps.size() - 1), value);
    }

    /** Takes away what is there; whether something was. */
    boolean remove(ObjectNode root) {
        JsonNode holder = new JsonPath(steps.subList(0, steps.size() - 1)).in(root);
        String last = steps.get(steps.size() - 1);
        if (holder instanceof ObjectNode object) {
            return object.remove(last) != null;
        }
        if (holder instanceof ArrayNode list) {
            int index = index(list, last);
            return index >= 0 && list.remove(index) != null;
        }
        return false;
    }

    private static boolean isFirst(String step) {
        return step.equals("0") || step.equals("-1");
    }

    private static JsonNode child(JsonNode holder, String step) {
        if (holder instanceof ArrayNode list) {
            int index = index(list, step);
            return index >= 0 && index < list.size() ? list.get(index) : MissingNode.getInstance();
        }
        return holder.path(step);
    }

    private void put(JsonNode holder, String step, JsonNode value) {
        if (holder instanceof ObjectNode object) {
            object.set(step, value);
        } else if (holder instanceof ArrayNode list) {
            int index = list.isEmpty() && isFirst(step) ? 0 : index(list, step);
            if (index == list.size()) {
                list.add(value);
            } else if (index >= 0 && index < list.size()) {
                list.set(index, value);
            } else {
                throw new NotApplicableException("there is no place " + this);
            }
        } else {
            throw new NotApplicableException("what is on the way to " + this + " is neither an object nor a list");
        }
    }

    /** From the beginning; negative if it is none, or one before the first. */
    private static int index(ArrayNode list, String step) {
        if (!INDEX.matcher(step).matches()) {
            return -1;
        }
        int index = Integer.parseInt(step);
        return step.charAt(0) == '-' ? index == 0 ? -1 : list.size() + index : index;
    }

    @Override
    public String toString() {
        return String.join(".", steps);
    }
}
