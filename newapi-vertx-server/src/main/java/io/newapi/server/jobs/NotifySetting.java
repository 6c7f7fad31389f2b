package io.newapi.server.jobs;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;

/** What a user has set of how to be told. What cannot be read counts as not set. */
final class NotifySetting {

    private final JsonObject json;

    private NotifySetting(JsonObject json) {
        this.json = json;
    }

    /** @param text JSON, as in the user's row */
    static NotifySetting of(String text) {
        try {
            return new NotifySetting(Json.decodeValue(text) instanceof JsonObject object ? object : new JsonObject());
        } catch (DecodeException e) {
            return new NotifySetting(new JsonObject());
        }
    }

    /** Empty if it is not set. */
    String text(String name) {
        return json.getValue(name) instanceof String text ? text.strip() : "";
    }

    int number(String name, int usual) {
        return json.getValue(name) instanceof Number number ? number.intValue() : usual;
    }
}
