package io.newapi.sandbox;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Whose manners are used: where a key is looked for and what an error looks like. */
enum Provider {
    OPENAI {
        @Override
        @Nullable
        String key(HttpServerRequest request) {
            return bearer(request);
        }

        @Override
        JsonObject error(ApiError error, long number) {
            return new JsonObject()
                    .put(
                            "error",
                            new JsonObject()
                                    .put("message", error.message())
                                    .put("type", error.type())
                                    .put("param", error.param())
                                    .put("code", error.code()));
        }
    },
    AZURE {
        @Override
        @Nullable
        String key(HttpServerRequest request) {
            String key = request.getHeader("api-key");
            return key == null ? bearer(request) : key;
        }

        /** What the model itself finds bad is said in OpenAI's words, the rest in those of the gate before it. */
        @Override
        JsonObject error(ApiError error, long number) {
            if (error.status() == 400) {
                return OPENAI.error(error, number);
            }
            String code = error.code() == null ? String.valueOf(error.status()) : error.code();
            return new JsonObject()
                    .put("error", new JsonObject().put("code", code).put("message", error.message()));
        }

        @Override
        ApiError wrongKey(@Nullable String given) {
            String why = "Access denied due to invalid subscription key or wrong API endpoint."
                    + " Make sure to provide a valid key for an active subscription.";
            return new ApiError(401, why, "invalid_request_error", "401", null);
        }
    },
    ANTHROPIC {
        @Override
        @Nullable
        String key(HttpServerRequest request) {
            return request.getHeader("x-api-key");
        }

        @Override
        JsonObject error(ApiError error, long number) {
            String type = switch (error.status()) {
                case 401 -> "authentication_error";
                case 402 -> "billing_error";
                case 403 -> "permission_error";
                case 404 -> "not_found_error";
                case 413 -> "request_too_large";
                case 429 -> "rate_limit_error";
                case 504 -> "timeout_error";
                case 529 -> "overloaded_error";
                default -> error.status() < 500 ? "invalid_request_error" : "api_error";
            };
            return new JsonObject()
                    .put("type", "error")
                    .put("error", new JsonObject().put("type", type).put("message", error.message()))
                    .put("request_id", "req_sandbox_" + number);
        }

        @Override
        ApiError wrongKey(@Nullable String given) {
            String why = given == null ? "x-api-key header is required" : "invalid x-api-key";
            return new ApiError(401, why, "authentication_error", null, null);
        }
    },
    GOOGLE {
        @Override
        @Nullable
        String key(HttpServerRequest request) {
            String key = request.getHeader("x-goog-api-key");
            return key == null ? request.getParam("key") : key;
        }

        @Override
        JsonObject error(ApiError error, long number) {
            String status = switch (error.status()) {
                case 400 -> "INVALID_ARGUMENT";
                case 401 -> "UNAUTHENTICATED";
                case 403 -> "PERMISSION_DENIED";
                case 404 -> "NOT_FOUND";
                case 409 -> "ABORTED";
                case 429 -> "RESOURCE_EXHAUSTED";
                case 499 -> "CANCELLED";
                case 501 -> "UNIMPLEMENTED";
                case 503 -> "UNAVAILABLE";
                case 504 -> "DEADLINE_EXCEEDED";
                default -> error.status() < 500 ? "FAILED_PRECONDITION" : "INTERNAL";
            };
            return new JsonObject()
                    .put(
                            "error",
                            new JsonObject()
                                    .put("code", error.status())
                                    .put("message", error.message())
                                    .put("status", status));
        }

        /** Google finds a wrong key a bad argument and a missing one a lack of permission. */
        @Override
        ApiError wrongKey(@Nullable String given) {
            return given == null
                    ? new ApiError(403, "Method doesn't allow unregistered callers.", "", null, null)
                    : new ApiError(400, "API key not valid. Please pass a valid API key.", "", null, null);
        }
    };

    /** The key where this provider takes it; absent without one. */
    abstract @Nullable String key(HttpServerRequest request);

    /**
     * The error's body.
     *
     * @param number the request's number, which makes ids
     */
    abstract JsonObject error(ApiError error, long number);

    /** What is said to a call with another key than the right one, absent for none at all. */
    ApiError wrongKey(@Nullable String given) {
        return ApiError.ofStatus(401);
    }

    private static @Nullable String bearer(HttpServerRequest request) {
        String value = request.getHeader("Authorization");
        return value != null && value.startsWith("Bearer ") ? value.substring("Bearer ".length()) : null;
    }
}
