package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;

/** The frames of server-sent events. */
final class Sse {

    static final String DONE = "data: [DONE]\n\n";

    /** Broken JSON in a whole frame. */
    static final String MALFORMED = "data: {\"id\":\"sandbox\",\"choices\":[{\"delta\":{\"conte\n\n";

    private Sse() {}

    static String data(String json) {
        return "data: " + json + "\n\n";
    }

    /** An event named like its {@code type}. */
    static String typed(JsonObject event) {
        return "event: " + event.getString("type") + "\n" + data(event.encode());
    }

    /** Broken JSON in a whole frame of a named event. */
    static String malformed(String type) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\",\"del\n\n";
    }
}
