package io.newapi.server.jobs;

import io.newapi.server.store.UserRow;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where a root user wants to be told. Neither the secret nor more of the address than its host is in {@link #toString}: many
 * receivers are known by a path that only their owner knows.
 *
 * @param secret empty for none
 */
record RootWebhook(String url, String secret) {

    private static final String MAC = "HmacSHA256";

    /** The webhook that this user has chosen; empty if he has chosen another way, or none. */
    static Optional<RootWebhook> of(UserRow user) {
        JsonObject setting = setting(user.setting());
        String url = text(setting, "webhook_url");
        return text(setting, "notify_type").equals("webhook") && !url.isEmpty()
                ? Optional.of(new RootWebhook(url, text(setting, "webhook_secret")))
                : Optional.empty();
    }

    private static JsonObject setting(String text) {
        try {
            return Json.decodeValue(text) instanceof JsonObject object ? object : new JsonObject();
        } catch (DecodeException e) {
            return new JsonObject();
        }
    }

    private static String text(JsonObject setting, String name) {
        return setting.getValue(name) instanceof String text ? text.strip() : "";
    }

    /** What goes along with a body, so that the receiver knows who has sent it. */
    Map<String, String> headers(Buffer body) {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/json"));
        if (!secret.isEmpty()) {
            headers.put("Authorization", "Bearer " + secret);
            headers.put("X-Newapi-Signature", "sha256=" + signature(body));
        }
        return headers;
    }

    private String signature(Buffer body) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), MAC));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + MAC, e);
        }
    }

    /** The host, as far as there is one. */
    @Override
    public String toString() {
        try {
            URI uri = new URI(url);
            return uri.getHost() == null ? "an address without a host" : uri.getScheme() + "://" + uri.getHost();
        } catch (URISyntaxException e) {
            return "an address without a host";
        }
    }
}
