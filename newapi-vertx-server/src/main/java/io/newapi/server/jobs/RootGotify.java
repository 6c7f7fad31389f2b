package io.newapi.server.jobs;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * A root user's Gotify server.
 *
 * @param token of the application that messages come from
 */
record RootGotify(String url, String token, int priority) implements RootAddress {

    private static final int USUAL_PRIORITY = 5;

    static Optional<RootAddress> of(NotifySetting setting) {
        String url = setting.text("gotify_url").replaceFirst("/+$", "");
        String token = setting.text("gotify_token");
        return url.isEmpty() || token.isEmpty()
                ? Optional.empty()
                : Optional.of(new RootGotify(url, token, setting.number("gotify_priority", USUAL_PRIORITY)));
    }

    /** The token goes in a header, as addresses are written into more logs than headers are. */
    @Override
    public void send(Telling telling, RootPost post) throws NotTold {
        post.post(
                url + "/message",
                Map.of("Content-Type", "application/json", "X-Gotify-Key", token),
                new JsonObject()
                        .put("title", telling.notice().title())
                        .put("message", telling.notice().content())
                        .put("priority", priority)
                        .toBuffer());
    }

    @Override
    public String toString() {
        return RootAddress.host(url);
    }
}
