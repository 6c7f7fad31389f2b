package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What the assistant says: text, or a call of one of the caller's tools. Immutable. */
sealed interface Reply permits TextReply, ToolReply {

    /** Content chunks of the streamed form. */
    long chunks();

    /** The {@code delta} of content chunk {@code index}, from 0. */
    JsonObject delta(long index);

    /** The {@code message} of the answer in one piece. */
    JsonObject message();

    /** {@code stop}, {@code length} or {@code tool_calls}. */
    String finishReason();

    /** Completion tokens when nobody asked for a figure. */
    long words();

    /** A delta with the start of a message and no text yet. */
    static JsonObject opening() {
        return new JsonObject().put("role", "assistant").put("content", "");
    }

    /** One element of {@code tool_calls} in a delta. */
    static JsonObject toolDelta(JsonObject call) {
        return new JsonObject().put("tool_calls", new JsonArray().add(call.put("index", 0)));
    }
}
