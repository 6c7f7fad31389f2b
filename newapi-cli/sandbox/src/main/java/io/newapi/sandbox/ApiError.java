package io.newapi.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * Why a request got no answer, in no format yet; see {@link Provider#error}.
 *
 * @param status HTTP status
 * @param type OpenAI's word for the kind of error; other providers have their own for each status
 * @param code OpenAI's code
 * @param param the field that is to blame
 */
record ApiError(
        int status,
        String message,
        String type,
        @Nullable String code,
        @Nullable String param) {

    /** What an upstream provider says with this HTTP status. */
    static ApiError ofStatus(int status) {
        return switch (status) {
            case 400 -> of(status, "The sandbox finds this request bad.", "invalid_request_error", "bad_request");
            case 401 -> of(status, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key");
            case 403 -> of(status, "The sandbox forbids this.", "permission_error", "forbidden");
            case 404 -> of(status, "The model does not exist.", "invalid_request_error", "model_not_found");
            case 429 -> of(status, "Rate limit reached in the sandbox.", "requests", "rate_limit_exceeded");
            default -> of(status, "The sandbox fails with status " + status + ".", "server_error", "server_error");
        };
    }

    private static ApiError of(int status, String message, String type, String code) {
        return new ApiError(status, message, type, code, null);
    }
}
