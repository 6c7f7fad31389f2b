package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.store.PageRequest;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call of the admin API as its handler sees it, on a worker thread. */
final class AdminCall {

    private final String method;
    private final String path;
    private final MultiMap headers;
    private final Map<String, String> pathParameters;
    private final MultiMap query;
    private final Buffer body;
    private final @Nullable Actor actor;
    private final String clientAddress;
    private final boolean overHttps;

    AdminCall(
            String method,
            String path,
            MultiMap headers,
            Map<String, String> pathParameters,
            MultiMap query,
            Buffer body,
            @Nullable Actor actor,
            String clientAddress,
            boolean overHttps) {
        this.method = method;
        this.path = path;
        this.headers = headers;
        this.pathParameters = pathParameters;
        this.query = query;
        this.body = body;
        this.actor = actor;
        this.clientAddress = clientAddress;
        this.overHttps = overHttps;
    }

    /** Who is calling; only for endpoints that need a login. */
    Actor actor() {
        if (actor == null) {
            throw new IllegalStateException("an endpoint without login has no actor: " + path);
        }
        return actor;
    }

    String clientAddress() {
        return clientAddress;
    }

    String method() {
        return method;
    }

    /** As it came, a slash at its end included. */
    String path() {
        return path;
    }

    /** Whether the caller speaks HTTPS, with this node or with a proxy that is believed. */
    boolean overHttps() {
        return overHttps;
    }

    MultiMap headers() {
        return headers;
    }

    String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }

    MultiMap query() {
        return query;
    }

    /** A query parameter, "" when absent. */
    String query(String name) {
        String value = query.get(name);
        return value == null ? "" : value;
    }

    /** A query parameter as a number; 0 when absent. */
    long queryNumber(String name) {
        String value = query(name).strip();
        if (value.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw Refused.because(Message.FIELD_TYPE, name, "integer");
        }
    }

    /** A query parameter as a switch: {@code true} and {@code 1} are on. */
    boolean querySwitch(String name) {
        String value = query(name);
        return value.equals("true") || value.equals("1");
    }

    /** The page of a list that is asked for. */
    PageRequest page() {
        return PageRequest.parse(query.get("p"), query.get("page_size"), query.get("ps"), query.get("size"));
    }

    /** The id in the path. */
    long pathId() {
        String text = pathParameters.getOrDefault("id", "");
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw Refused.because(Message.ID_INVALID);
        }
        return Long.parseLong(text);
    }

    /** The JSON object in the body, or a failure. */
    Fields body() {
        return bodyObject().map(Fields::new).orElseThrow(() -> Refused.because(Message.BODY_INVALID));
    }

    Optional<ObjectNode> bodyObject() {
        return Json.parseObject(body.toString(StandardCharsets.UTF_8));
    }
}
