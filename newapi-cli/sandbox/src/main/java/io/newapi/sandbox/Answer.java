package io.newapi.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** What is to be sent, before the script's delays and its fault. */
sealed interface Answer {

    Script script();

    /** In one piece. */
    record Whole(Script script, String contentType, Buffer body) implements Answer {}

    /** Chunk by chunk. */
    record Streamed(Script script, Reply reply, Writer writer) implements Answer {}

    static Answer json(Script script, JsonObject body) {
        return new Whole(script, "application/json", body.toBuffer());
    }

    static Answer of(Script script, Reply reply, Writer writer, boolean streamed) {
        return streamed ? new Streamed(script, reply, writer) : json(script, writer.whole());
    }
}
