package io.newapi.server.relay;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/**
 * What a client has of a stream that is over.
 *
 * @param text what was written
 * @param ended whether the format's last event came
 * @param error what the format's event for errors says, without the request's id; empty if there was none
 * @param unreadable how many events nobody can read
 */
record Seen(String text, boolean ended, String error, int unreadable) {

    /** An answer that came as a whole. */
    static Seen all(String text) {
        return new Seen(text, true, "", 0);
    }

    /** An answer that broke off. */
    static Seen part(String text, String error) {
        return new Seen(text, false, error, 0);
    }

    /**
     * Reads a stream as a client of the format does.
     *
     * @throws AssertionError if something stands behind its end, or an error has another format's form
     */
    static Seen of(Speaker client, String stream) {
        StringBuilder text = new StringBuilder();
        String error = "";
        boolean ended = false;
        int number = 0;
        int unreadable = 0;
        for (String event : stream.split("\n\n", -1)) {
            if (!event.contains("data: ")) {
                continue;
            }
            if (ended || !error.isEmpty()) {
                throw new AssertionError("behind the end stands " + event);
            }
            String name = event.startsWith("event: ") ? event.substring(7, event.indexOf('\n')) : "";
            String data = event.substring(event.indexOf("data: ") + 6);
            ended = client.isLast(data);
            try {
                JsonObject json = data.equals("[DONE]") ? new JsonObject() : new JsonObject(data);
                text.append(client.piece(json));
                error = json.getValue("error") instanceof JsonObject
                        ? withoutId(client.errorOfStream(name, number, json))
                        : "";
            } catch (DecodeException e) {
                unreadable++;
            }
            number++;
        }
        return new Seen(text.toString(), ended, error, unreadable);
    }

    /** The same of an answer that is an error. */
    static String error(Speaker client, RawClient.Reply reply) {
        return withoutId(client.error(new JsonObject(reply.body())));
    }

    private static String withoutId(String message) {
        int id = message.indexOf(" (request id: ");
        if (id < 0) {
            throw new AssertionError("without the request's id: " + message);
        }
        return message.substring(0, id);
    }
}
