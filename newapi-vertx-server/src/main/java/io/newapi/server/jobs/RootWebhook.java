package io.newapi.server.jobs;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A root user's webhook, which is sent JSON.
 *
 * @param secret empty for none
 */
record RootWebhook(String url, String secret) implements RootAddress {

    private static final String MAC = "HmacSHA256";

    static Optional<RootAddress> of(NotifySetting setting) {
        String url = setting.text("webhook_url");
        return url.isEmpty() ? Optional.empty() : Optional.of(new RootWebhook(url, setting.text("webhook_secret")));
    }

    @Override
    public void send(Telling telling, RootPost post) throws NotTold {
        Buffer body = body(telling);
        post.post(url, headers(body), body);
    }

    private static Buffer body(Telling telling) {
        Notice notice = telling.notice();
        return new JsonObject()
                .put("type", notice.type())
                .put("title", notice.title())
                .put("content", notice.content())
                .put("values", new JsonArray(notice.values()))
                .put("timestamp", telling.timestamp())
                .toBuffer();
    }

    /** What goes along with a body, so that the receiver knows who has sent it. */
    private Map<String, String> headers(Buffer body) {
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

    @Override
    public String toString() {
        return RootAddress.host(url);
    }
}
