package io.newapi.server.e2e;

import io.vertx.core.json.JsonObject;

/**
 * What a client was answered.
 *
 * @param requestId the node's name for the call
 * @param body everything that came, of a stream too
 */
record Reply(int status, String requestId, String body) {

    /** Whether the client has its whole answer: the object, or a stream to its end. */
    boolean complete() {
        return status == 200 && (body.startsWith("{") ? body.endsWith("}") : body.endsWith("data: [DONE]\n\n"));
    }

    /** Whether the client is to come again at once, as a database that answers slowly makes a node say. */
    boolean toldToComeAgain() {
        return status == 503 && errorCode().equals("quota_busy");
    }

    /** The code of the error object. */
    String errorCode() {
        return new JsonObject(body).getJsonObject("error").getString("code");
    }
}
