package io.newapi.sandbox;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Reads from a request what it wants for its own answer. */
final class Wishes {

    private Wishes() {}

    /**
     * The wishes in the header, which win over those in the body's {@code sandbox} object, these over
     * {@code metadata.sandbox}, and these over the model's name: {@code NAME!KEY=VALUE!FAULT}.
     *
     * @throws IllegalArgumentException if something there cannot be read
     * @throws Refused if the header or metadata is no JSON object
     */
    static JsonObject of(JsonObject body, @Nullable String header) {
        JsonObject wishes = body.getValue("model") instanceof String model ? inName(model) : new JsonObject();
        // The official clients allow only texts as values of metadata, and forms have nothing else.
        Object inMetadata = Fields.object(body, "metadata").getValue("sandbox");
        if (inMetadata != null) {
            wishes.mergeIn(object(inMetadata, "metadata.sandbox"));
        }
        Object inBody = body.getValue("sandbox");
        if (inBody != null) {
            wishes.mergeIn(object(inBody, "sandbox"));
        }
        return header == null ? wishes : wishes.mergeIn(object(header, "X-Sandbox"));
    }

    private static JsonObject inName(String model) {
        JsonObject wishes = new JsonObject();
        String[] parts = model.split("!", -1);
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals < 0) {
                wishes.put("fault", parts[i]);
            } else {
                String value = parts[i].substring(equals + 1);
                boolean number = value.matches("[0-9]{1,18}");
                wishes.put(parts[i].substring(0, equals), number ? (Object) Long.valueOf(value) : value);
            }
        }
        return wishes;
    }

    private static JsonObject object(Object value, String what) {
        return value instanceof JsonObject object ? object : object(String.valueOf(value), what);
    }

    /** @throws Refused if {@code text} is no JSON object */
    static JsonObject object(String text, String what) {
        try {
            return new JsonObject(text);
        } catch (DecodeException e) {
            throw Refused.because(what + " is no JSON object");
        }
    }
}
