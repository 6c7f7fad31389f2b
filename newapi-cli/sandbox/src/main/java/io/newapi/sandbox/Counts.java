package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;

/**
 * How many requests met which {@link Outcome} since the start or the last clearing; {@code active} is as of now.
 *
 * @param received all requests except the sandbox's own pages
 */
public record Counts(long received, long active, long answered, long refused, long faulted, long clientGone) {

    JsonObject toJson() {
        return new JsonObject()
                .put("received", received)
                .put("active", active)
                .put("answered", answered)
                .put("refused", refused)
                .put("faulted", faulted)
                .put("client_gone", clientGone);
    }
}
