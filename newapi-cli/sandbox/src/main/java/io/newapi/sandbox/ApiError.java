package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;

/** An error object in the OpenAI format. */
record ApiError(String message, String type, String code) {

    /** What an upstream provider says with this HTTP status. */
    static ApiError ofStatus(int status) {
        return switch (status) {
            case 400 -> new ApiError("The sandbox finds this request bad.", "invalid_request_error", "bad_request");
            case 401 -> new ApiError("Incorrect API key provided.", "invalid_request_error", "invalid_api_key");
            case 403 -> new ApiError("The sandbox forbids this.", "permission_error", "forbidden");
            case 404 -> new ApiError("The model does not exist.", "invalid_request_error", "model_not_found");
            case 429 -> new ApiError("Rate limit reached in the sandbox.", "requests", "rate_limit_exceeded");
            default -> new ApiError("The sandbox fails with status " + status + ".", "server_error", "server_error");
        };
    }

    JsonObject toJson() {
        return new JsonObject()
                .put(
                        "error",
                        new JsonObject()
                                .put("message", message)
                                .put("type", type)
                                .putNull("param")
                                .put("code", code));
    }
}
