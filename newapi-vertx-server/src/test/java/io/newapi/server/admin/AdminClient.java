package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls the admin API as a script would. Immutable but for nothing: each credential makes a new client. */
final class AdminClient {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String address;
    private final Map<String, String> headers;

    AdminClient(String address) {
        this(address, Map.of());
    }

    private AdminClient(String address, Map<String, String> headers) {
        this.address = address;
        this.headers = headers;
    }

    AdminClient with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new AdminClient(address, more);
    }

    AdminClient without(String header) {
        Map<String, String> less = new LinkedHashMap<>(headers);
        less.remove(header);
        return new AdminClient(address, less);
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** A client with the cookie of a new login. */
    AdminClient login(String username, String password) {
        AdminReply reply = post("/api/user/login", "username", username, "password", password);
        if (!reply.success()) {
            throw new AssertionError("login failed: " + reply.text());
        }
        return with("Cookie", reply.header("Set-Cookie").replaceAll(";.*", ""))
                .with("New-Api-User", reply.data().path("id").asText());
    }

    /** A client with an access token instead of a cookie. */
    AdminClient bearing(String accessToken) {
        return without("Cookie").with("Authorization", "Bearer " + accessToken);
    }

    AdminReply get(String path) {
        return send("GET", path, "");
    }

    AdminReply delete(String path) {
        return send("DELETE", path, "");
    }

    AdminReply post(String path, Object... fields) {
        return send("POST", path, Json.text(object(fields)));
    }

    AdminReply put(String path, Object... fields) {
        return send("PUT", path, Json.text(object(fields)));
    }

    static ObjectNode object(Object... fields) {
        ObjectNode object = Json.object();
        for (int i = 0; i < fields.length; i += 2) {
            object.putPOJO((String) fields[i], fields[i + 1]);
        }
        return object;
    }

    AdminReply send(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return new AdminReply(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
