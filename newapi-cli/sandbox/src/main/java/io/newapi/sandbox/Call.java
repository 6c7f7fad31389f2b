package io.newapi.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One request with its body, as the one who answers it sees it.
 *
 * @param number counts requests from 1
 * @param model the model in the path; absent: the body names it
 * @param standard the answer when the request asks for nothing else
 */
record Call(
        HttpServerRequest request,
        Buffer body,
        long number,
        @Nullable String model,
        Script standard) {

    /**
     * The body, with the path's model in it.
     *
     * @throws Refused if it is no JSON object
     */
    JsonObject json() {
        JsonObject json = Wishes.object(body.toString(), "the body");
        return model == null ? json : json.put("model", model);
    }

    /**
     * The standard answer with the request's wishes.
     *
     * @throws Refused if it asks for what there is not
     */
    Script script(JsonObject json) {
        try {
            return standard.with(Wishes.of(json, header("X-Sandbox")));
        } catch (IllegalArgumentException e) {
            throw new Refused(new ApiError(
                    400, String.valueOf(e.getMessage()), "invalid_request_error", "bad_request", "sandbox"));
        }
    }

    @Nullable
    String header(String name) {
        return request.getHeader(name);
    }
}
