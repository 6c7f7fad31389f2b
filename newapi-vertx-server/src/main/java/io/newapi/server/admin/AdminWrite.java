package io.newapi.server.admin;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A call that changes something, as one node hands it to another: with the caller's own credential, which whoever does it
 * judges anew. Immutable.
 *
 * @param method of HTTP
 * @param path without the query
 * @param query as it came, without the question mark; "" if there is none
 * @param headers those that matter: who calls, and in what language he wants to be answered
 * @param clientAddress the caller's, as the node found it that he has called
 * @param language in which to answer
 */
public record AdminWrite(
        String method,
        String path,
        String query,
        Map<String, String> headers,
        String clientAddress,
        String language,
        Buffer body) {

    private static final List<String> HEADERS = List.of("Authorization", "Cookie", "New-Api-User", "Accept-Encoding");

    /** Copies the headers. */
    public AdminWrite {
        headers = Map.copyOf(headers);
    }

    static AdminWrite of(HttpServerRequest request, String clientAddress, String language, Buffer body) {
        Map<String, String> headers = new TreeMap<>();
        for (String name : HEADERS) {
            List<String> values = request.headers().getAll(name);
            if (!values.isEmpty()) {
                headers.put(name, String.join(name.equals("Cookie") ? "; " : ", ", values));
            }
        }
        String query = request.query();
        return new AdminWrite(
                request.method().name(),
                request.path(),
                query == null ? "" : query,
                headers,
                clientAddress,
                language,
                body);
    }

    MultiMap headerMap() {
        return MultiMap.caseInsensitiveMultiMap().addAll(headers);
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** As text, for {@link #decoded}; it holds a credential. */
    public JsonObject encoded() {
        return new JsonObject()
                .put("method", method)
                .put("path", path)
                .put("query", query)
                .put("headers", new JsonObject(new TreeMap<String, Object>(headers)))
                .put("client_address", clientAddress)
                .put("language", language)
                .put("body", body);
    }

    /**
     * What {@link #encoded} was made of.
     *
     * @throws RuntimeException if it is not such a document
     */
    public static AdminWrite decoded(JsonObject json) {
        Map<String, String> headers = new TreeMap<>();
        json.getJsonObject("headers")
                .forEach(header -> headers.put(header.getKey(), String.valueOf(header.getValue())));
        return new AdminWrite(
                json.getString("method"),
                json.getString("path"),
                json.getString("query"),
                headers,
                json.getString("client_address"),
                json.getString("language"),
                json.getBuffer("body"));
    }

    /** Without the credential. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
