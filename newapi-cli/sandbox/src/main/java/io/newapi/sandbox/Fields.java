package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields of a request that may be anything, since a client wrote them. */
final class Fields {

    private Fields() {}

    static boolean isTrue(JsonObject json, String key) {
        return Boolean.TRUE.equals(json.getValue(key));
    }

    /** Empty if absent or no text. */
    static String text(JsonObject json, String key) {
        return json.getValue(key) instanceof String text ? text : "";
    }

    /** Empty if absent or no object. */
    static JsonObject object(JsonObject json, String key) {
        return json.getValue(key) instanceof JsonObject object ? object : new JsonObject();
    }

    /** The elements of a list; empty if absent or no list. */
    static List<Object> list(JsonObject json, String key) {
        List<Object> list = new ArrayList<>();
        if (json.getValue(key) instanceof JsonArray array) {
            array.forEach(list::add);
        }
        return list;
    }

    /** The objects among the elements of a list. */
    static List<JsonObject> objects(JsonObject json, String key) {
        List<JsonObject> objects = new ArrayList<>();
        for (Object element : list(json, key)) {
            if (element instanceof JsonObject object) {
                objects.add(object);
            }
        }
        return objects;
    }

    static @Nullable Long whole(JsonObject json, String key) {
        Object value = json.getValue(key);
        return value instanceof Integer || value instanceof Long ? (Long) ((Number) value).longValue() : null;
    }

    /** A limit of at least 1, {@link Long#MAX_VALUE} without one. */
    static long limit(JsonObject json, String key) {
        Long limit = whole(json, key);
        return limit == null ? Long.MAX_VALUE : Math.max(1, limit);
    }

    /** The value of {@code key}, else what {@code otherwise} is. */
    static @Nullable Object or(JsonObject json, String key, @Nullable Object otherwise) {
        Object value = json.getValue(key);
        return value == null ? otherwise : value;
    }
}
