package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * A request as it arrived, at most 64 KiB of its body.
 *
 * @param number counts from 1 in order of arrival
 * @param method HTTP method
 * @param path path with the query, of a key in it only the {@link Fingerprint}
 * @param headers names in lower case; of secrets only the {@link Fingerprint}, with {@code Bearer } before it where it
 *     was; several values of one name are joined by ", "
 * @param body the body as text
 * @param outcome what became of it by the time of asking
 * @param chunks streamed content chunks written by the time of asking
 */
public record ReceivedRequest(
        long number,
        String method,
        String path,
        Map<String, String> headers,
        String body,
        Outcome outcome,
        long chunks) {

    /** @throws io.vertx.core.json.DecodeException if the body is no JSON object */
    public JsonObject json() {
        return new JsonObject(body);
    }

    JsonObject toJson() {
        JsonObject head = new JsonObject();
        headers.forEach(head::put);
        return new JsonObject()
                .put("number", number)
                .put("method", method)
                .put("path", path)
                .put("headers", head)
                .put("body", body)
                .put("outcome", outcome.text())
                .put("chunks", chunks);
    }
}
