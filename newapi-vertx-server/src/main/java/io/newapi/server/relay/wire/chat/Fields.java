package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object that is being read, with the place where it stands, for complaints. A field that is {@code null} is
 * one that is not there.
 */
final class Fields {

    private final JsonObject object;
    private final String place;

    private Fields(JsonObject object, String place) {
        this.object = object;
        this.place = place;
    }

    static Fields of(JsonObject object) {
        return new Fields(object, "");
    }

    JsonObject json() {
        return object;
    }

    /** The path of a field of it. */
    String path(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }

    boolean has(String name) {
        return object.getValue(name) != null;
    }

    @Nullable
    Object value(String name) {
        return object.getValue(name);
    }

    /** A text that must be there. */
    String text(String name) {
        if (!has(name)) {
            throw new Unreadable(path(name), "is missing");
        }
        return text(name, "");
    }

    String text(String name, String otherwise) {
        Object value = object.getValue(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String text) {
            return text;
        }
        throw new Unreadable(path(name), "must be a string");
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(flagOrNull(name));
    }

    @Nullable
    Boolean flagOrNull(String name) {
        Object value = object.getValue(name);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        throw new Unreadable(path(name), "must be true or false");
    }

    @Nullable
    BigDecimal decimal(String name) {
        Object value = object.getValue(name);
        if (value == null) {
            return null;
        }
        if (value instanceof BigDecimal number) {
            return number;
        }
        if (value instanceof Number number) {
            return new BigDecimal(number.toString());
        }
        throw new Unreadable(path(name), "must be a number");
    }

    @Nullable
    Long integer(String name) {
        Object value = object.getValue(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        if (value instanceof BigInteger || value instanceof BigDecimal) {
            throw new Unreadable(path(name), "must be a whole number of a usual size");
        }
        throw new Unreadable(path(name), "must be a whole number");
    }

    long count(String name) {
        Long value = integer(name);
        if (value == null) {
            return 0;
        }
        if (value < 0) {
            throw new Unreadable(path(name), "must not be negative");
        }
        return value;
    }

    /** An object that must be there. */
    Fields object(String name) {
        Fields found = objectOrNull(name);
        if (found == null) {
            throw new Unreadable(path(name), "is missing");
        }
        return found;
    }

    @Nullable
    Fields objectOrNull(String name) {
        Object value = object.getValue(name);
        if (value == null) {
            return null;
        }
        if (value instanceof JsonObject found) {
            return new Fields(found, path(name));
        }
        throw new Unreadable(path(name), "must be an object");
    }

    /** The objects of a list; none if it is not there. */
    List<Fields> objects(String name) {
        List<Fields> all = new ArrayList<>();
        JsonArray list = list(name);
        for (int i = 0; i < list.size(); i++) {
            if (!(list.getValue(i) instanceof JsonObject element)) {
                throw new Unreadable(path(name) + "[" + i + "]", "must be an object");
            }
            all.add(new Fields(element, path(name) + "[" + i + "]"));
        }
        return all;
    }

    /** The texts of a list; none if it is not there. */
    List<String> texts(String name) {
        List<String> all = new ArrayList<>();
        JsonArray list = list(name);
        for (int i = 0; i < list.size(); i++) {
            if (!(list.getValue(i) instanceof String element)) {
                throw new Unreadable(path(name) + "[" + i + "]", "must be a string");
            }
            all.add(element);
        }
        return all;
    }

    JsonArray list(String name) {
        Object value = object.getValue(name);
        if (value == null) {
            return new JsonArray();
        }
        if (value instanceof JsonArray list) {
            return list;
        }
        throw new Unreadable(path(name), "must be an array");
    }

    /** The names of fields that are there and not among these. */
    List<String> others(Set<String> known) {
        return object.fieldNames().stream()
                .filter(name -> !known.contains(name) && has(name))
                .map(this::path)
                .toList();
    }

    /** A complaint about it. */
    Unreadable bad(String name, String reason) {
        return new Unreadable(path(name), reason);
    }
}
