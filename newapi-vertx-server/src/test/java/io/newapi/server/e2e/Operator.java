package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Sets a node up and looks after it, over the admin HTTP API. */
final class Operator {

    private static final String PASSWORD = "a password for tests";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private String accessToken = "";

    private Operator(String base) {
        this.base = base;
    }

    /** Makes the root user of a new node, and an access token for him. */
    static Operator settingUp(String base) {
        Operator operator = new Operator(base);
        operator.send("POST", "/api/setup", new JsonObject()
                .put("username", "root")
                .put("password", PASSWORD)
                .put("confirmPassword", PASSWORD)
                .put("SelfUseModeEnabled", false)
                .put("DemoSiteEnabled", false));
        operator.logIn();
        return operator;
    }

    /** The same operator at the node's new address, after a restart. */
    Operator at(String newBase) {
        Operator moved = new Operator(newBase);
        moved.accessToken = accessToken;
        return moved;
    }

    private void logIn() {
        HttpResponse<String> answer = exchange("POST", "/api/user/login", new JsonObject()
                .put("username", "root")
                .put("password", PASSWORD), "");
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        JsonObject made = new JsonObject(
                exchange("POST", "/api/user/access_tokens", new JsonObject().put("name", "tests"), cookie).body());
        accessToken = made.getJsonObject("data").getString("access_token");
    }

    /** Makes a channel to {@code upstream} that serves {@code models}; returns its id. */
    long channel(String name, String upstream, String models, long priority) {
        send("POST", "/api/channel/", new JsonObject()
                .put("mode", "single")
                .put("channel", new JsonObject()
                        .put("type", 1)
                        .put("name", name)
                        .put("key", "upstream-key-of-" + name)
                        .put("base_url", upstream)
                        .put("models", models)
                        .put("group", "default")
                        .put("priority", priority)));
        return items("/api/channel/?id_sort=true&page_size=100").stream()
                .map(JsonObject.class::cast)
                .filter(row -> row.getString("name").equals(name))
                .findFirst()
                .orElseThrow()
                .getLong("id");
    }

    /** Makes a token with a limit of its own; returns its key. */
    String token(String name, long quota) {
        return token(name, quota, false);
    }

    /** Makes a token that may spend all that its user has; returns its key. */
    String unlimitedToken(String name) {
        return token(name, 0, true);
    }

    private String token(String name, long quota, boolean unlimited) {
        JsonObject made = send("POST", "/api/token/", new JsonObject()
                .put("name", name)
                .put("expired_time", -1)
                .put("remain_quota", quota)
                .put("unlimited_quota", unlimited)
                .put("model_limits_enabled", false)
                .put("model_limits", "")
                .put("allow_ips", "")
                .put("group", ""));
        return "sk-" + made.getJsonObject("data").getString("key");
    }

    void option(String key, String value) {
        send("PUT", "/api/option/", new JsonObject().put("key", key).put("value", value));
    }

    /** Sets what the root user has in all. */
    void rootQuota(long quota) {
        send("POST", "/api/user/manage", new JsonObject()
                .put("id", 1)
                .put("action", "add_quota")
                .put("mode", "override")
                .put("value", quota));
    }

    JsonObject rootUser() {
        return get("/api/user/1").getJsonObject("data");
    }

    JsonObject tokenNamed(String name) {
        return items("/api/token/?p=1&page_size=100").stream()
                .map(JsonObject.class::cast)
                .filter(row -> row.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The newest log rows of calls. */
    JsonArray logs() {
        return items("/api/log/?type=2&p=1&page_size=100");
    }

    private JsonArray items(String path) {
        return get(path).getJsonObject("data").getJsonArray("items");
    }

    JsonObject get(String path) {
        return judged(exchange("GET", path, null, ""), path);
    }

    private JsonObject send(String method, String path, JsonObject body) {
        return judged(exchange(method, path, body, ""), path);
    }

    private static JsonObject judged(HttpResponse<String> answer, String path) {
        JsonObject body = new JsonObject(answer.body());
        assertThat(body.getBoolean("success")).as(path + ": " + answer.body()).isTrue();
        return body;
    }

    private HttpResponse<String> exchange(
            String method, String path, @Nullable JsonObject body, String cookie) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/json")
                .header("New-Api-User", "1")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.encode()));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        } else if (!accessToken.isEmpty()) {
            request.header("Authorization", "Bearer " + accessToken);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("the node does not answer " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
