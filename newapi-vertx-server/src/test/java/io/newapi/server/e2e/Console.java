package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What somebody does to a cluster, on whichever node.
 *
 * @param who does it
 */
record Console(Audited.Root who) {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The whole answer, whatever it says. */
    CompletableFuture<JsonObject> send(String url, String method, String resource, JsonObject body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + resource))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()))
                .header("Authorization", "Bearer " + who.accessToken())
                .header("New-Api-User", Long.toString(who.userId()))
                .header("Content-Type", "application/json")
                .build();
        return HTTP.sendAsync(request, BodyHandlers.ofString())
                .thenApply(HttpResponse::body)
                .thenApply(JsonObject::new);
    }

    JsonObject ask(String url, String method, String resource, JsonObject body) {
        return send(url, method, resource, body).join();
    }

    /** What is answered to a question that is answered. */
    JsonObject get(String url, String resource) {
        JsonObject answer = ask(url, "GET", resource, new JsonObject());
        assertThat(answer.getBoolean("success")).as(answer.encode()).isTrue();
        return answer.getJsonObject("data");
    }

    /** What each node is, by its name, as this one knows it: {@code master alive}. */
    Map<String, String> roles(String url) {
        Map<String, String> roles = new HashMap<>();
        JsonArray rows = get(url, "/api/cluster/nodes").getJsonArray("nodes");
        for (int i = rows.size() - 1; i >= 0; i--) {
            JsonObject row = rows.getJsonObject(i);
            roles.put(row.getString("node_name"), row.getString("role") + " " + row.getString("state"));
        }
        return roles;
    }

    CompletableFuture<JsonObject> sendName(String url, String name) {
        return send(
                url,
                "PUT",
                "/api/option/",
                new JsonObject().put("key", "SystemName").put("value", name));
    }

    /** Changes the one option that everybody may read. */
    void rename(String url, String name) {
        JsonObject answer = sendName(url, name).join();
        assertThat(answer.getBoolean("success")).as(answer.encode()).isTrue();
    }

    /** The name as this node knows it. */
    String name(String url) {
        return get(url, "/api/status").getString("system_name");
    }
}
