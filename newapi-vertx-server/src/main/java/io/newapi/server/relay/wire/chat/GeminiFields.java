package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fields as Google's servers read them: a name may stand as {@code inlineData} or as {@code inline_data} (Protocol Buffers, ProtoJSON
 * format), and one object where a list of them belongs. Asked for by the first of both names.
 */
final class GeminiFields {

    private static final Pattern AFTER_LINE = Pattern.compile("_([a-z])");

    private final Fields fields;

    private GeminiFields(Fields fields) {
        this.fields = fields;
    }

    static GeminiFields of(JsonObject object) {
        return new GeminiFields(Fields.of(object));
    }

    JsonObject json() {
        return fields.json();
    }

    String path(String name) {
        return fields.path(as(name));
    }

    boolean has(String name) {
        return fields.has(as(name));
    }

    @Nullable
    Object value(String name) {
        return fields.value(as(name));
    }

    String text(String name) {
        return fields.text(as(name));
    }

    String text(String name, String otherwise) {
        return fields.text(as(name), otherwise);
    }

    boolean flag(String name) {
        return fields.flag(as(name));
    }

    @Nullable
    BigDecimal decimal(String name) {
        return fields.decimal(as(name));
    }

    /** A whole number, also if it is written as {@code 40.0}. */
    @Nullable
    Long integer(String name) {
        BigDecimal value = decimal(name);
        try {
            return value == null ? null : (Long) value.longValueExact();
        } catch (ArithmeticException e) {
            throw bad(name, "must be a whole number of a usual size");
        }
    }

    long count(String name) {
        Long value = integer(name);
        if (value != null && value < 0) {
            throw bad(name, "must not be negative");
        }
        return value == null ? 0 : value;
    }

    GeminiFields object(String name) {
        return new GeminiFields(fields.object(as(name)));
    }

    @Nullable
    GeminiFields objectOrNull(String name) {
        Fields found = fields.objectOrNull(as(name));
        return found == null ? null : new GeminiFields(found);
    }

    List<GeminiFields> objects(String name) {
        if (value(name) instanceof JsonObject) {
            return List.of(object(name));
        }
        return fields.objects(as(name)).stream().map(GeminiFields::new).toList();
    }

    List<String> texts(String name) {
        return fields.texts(as(name));
    }

    /** The paths of fields that are there and not among these. */
    List<String> others(Set<String> known) {
        return fields.json().fieldNames().stream()
                .filter(name -> !known.contains(camel(name)) && fields.has(name))
                .map(fields::path)
                .toList();
    }

    Unreadable bad(String name, String reason) {
        return fields.bad(as(name), reason);
    }

    private String as(String name) {
        if (fields.has(name)) {
            return name;
        }
        String other = lined(name);
        return fields.has(other) ? other : name;
    }

    private static String lined(String name) {
        StringBuilder lined = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lined.append('_').append((char) (c + ('a' - 'A')));
            } else {
                lined.append(c);
            }
        }
        return lined.toString();
    }

    private static String camel(String name) {
        return AFTER_LINE.matcher(name).replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
    }
}
