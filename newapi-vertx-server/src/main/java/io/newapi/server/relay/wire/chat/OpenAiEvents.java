package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.JsonTree;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Events of streams in OpenAI's two formats, as server-sent events (HTML Living Standard, 9.2). */
final class OpenAiEvents {

    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private OpenAiEvents() {}

    /** The object that an event's data is. */
    static JsonObject read(String data) {
        try {
            return JsonTree.read(data.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Unreadable("", "is not a JSON object");
        }
    }

    /** Whether it reports an error; vendors do that in various ways, and some say {@code "error": null} where there is none. */
    static boolean isError(String name, JsonObject event) {
        return name.equals("error")
                || "error".equals(event.getValue("type"))
                || "error".equals(event.getValue("object"))
                || event.getValue("error") instanceof JsonObject
                || (event.getValue("error") instanceof String text && !text.isEmpty());
    }

    /** An event without a name. */
    static void append(Buffer out, JsonObject event) {
        out.appendString("data: ").appendBytes(JsonTree.write(event)).appendString("\n\n");
    }

    /** An event with a name. */
    static void append(Buffer out, String name, JsonObject event) {
        out.appendString("event: " + name + "\n");
        append(out, event);
    }

    /** The last event of a chat completion. */
    static void appendDone(Buffer out) {
        out.appendBytes(DONE);
    }
}
