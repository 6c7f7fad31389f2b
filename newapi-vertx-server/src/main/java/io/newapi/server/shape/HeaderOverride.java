package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The headers that a channel sets after everybody else. {@code {api_key}} in a value is the channel's key; {@code
 * {client_header:Name}} as a value is what the client has sent under that name, and no header where it has sent none. {@code *}
 * as a name passes on what the client has sent, {@code re:PATTERN} those whose names the pattern finds; what is set by name comes
 * after that. Immutable.
 */
public final class HeaderOverride {

    private static final String API_KEY = "{api_key}";
    private static final String CLIENT_HEADER = "{client_header:";
    private static final int MIN_SECRET_CHARS = 8;
    private static final HeaderOverride NONE = new HeaderOverride(List.of(), Map.of());

    private final List<Predicate<String>> passed;
    private final Map<String, String> set;

    private HeaderOverride(List<Predicate<String>> passed, Map<String, String> set) {
        this.passed = List.copyOf(passed);
        this.set = set;
    }

    /** Sets nothing. */
    public static HeaderOverride none() {
        return NONE;
    }

    /**
     * Reads a channel's text.
     *
     * @param json an object of texts; a blank text sets nothing
     * @throws InvalidShapeException if it cannot be done
     */
    public static HeaderOverride parse(String json) {
        if (json.isBlank() || json.strip().equals("null")) {
            return NONE;
        }
        ObjectNode object = Trees.object(json).orElseThrow(() -> new InvalidShapeException("not a JSON object"));
        List<Predicate<String>> passed = new ArrayList<>();
        Map<String, String> set = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey().strip();
            if (name.equals("*")) {
                passed.add(any -> true);
            } else if (name.startsWith("re:")) {
                passed.add(named(name.substring(3)));
            } else if (name.startsWith("regex:")) {
                passed.add(named(name.substring(6)));
            } else {
                set.put(HeaderRules.requireName(name), value(name, field.getValue()));
            }
        }
        return new HeaderOverride(passed, set);
    }

    private static Predicate<String> named(String pattern) {
        if (pattern.isBlank()) {
            throw new InvalidShapeException("a pattern for names of headers is empty");
        }
        Pattern compiled = Replacement.pattern("(?i:" + pattern + ")");
        return name -> compiled.matcher(name).find();
    }

    private static String value(String name, JsonNode value) {
        if (!value.isTextual()) {
            throw new InvalidShapeException("the header " + name + " must be a text");
        }
        String text = value.textValue().strip();
        if (text.startsWith(CLIENT_HEADER)) {
            if (!text.endsWith("}") || text.indexOf('}') != text.length() - 1) {
                throw new InvalidShapeException(
                        "the header " + name + ": {client_header:Name} must be all of the value");
            }
            HeaderRules.requireName(clientName(text));
        }
        return HeaderRules.requireValue(text);
    }

    private static String clientName(String value) {
        return value.substring(CLIENT_HEADER.length(), value.length() - 1).strip();
    }

    /** Whether it sets nothing. */
    public boolean isEmpty() {
        return passed.isEmpty() && set.isEmpty();
    }

    /**
     * What was written down as a value and may be a credential: no error of an upstream may repeat it. Short values are none, and
     * would be found everywhere.
     */
    public List<String> secrets() {
        return set.values().stream()
                .filter(value -> value.length() >= MIN_SECRET_CHARS && value.indexOf('{') < 0)
                .map(value -> value.toLowerCase(Locale.ROOT).startsWith("bearer ")
                        ? value.substring(7).strip()
                        : value)
                .filter(value -> value.length() >= MIN_SECRET_CHARS)
                .toList();
    }

    /**
     * Sets the headers.
     *
     * @param key the channel's key with which it is called
     */
    public void apply(OutgoingHeaders headers, ClientHeaders client, String key) {
        client.passable().forEach((name, value) -> {
            if (passed.stream().anyMatch(rule -> rule.test(name))) {
                headers.set(name, value);
            }
        });
        set.forEach((name, value) -> {
            if (value.startsWith(CLIENT_HEADER)) {
                client.get(clientName(value)).ifPresent(sent -> headers.set(name, sent));
            } else {
                headers.set(name, value.replace(API_KEY, key));
            }
        });
    }
}
