package io.newapi.sandbox;

import org.jspecify.annotations.Nullable;

/** A request that the real provider would not answer either. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // nobody serialises it
    private final ApiError error;

    Refused(ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    /** With status 400 and no more than a reason. */
    static Refused because(String why) {
        return at(null, why);
    }

    /** With status 400 for the field {@code param}. */
    static Refused at(@Nullable String param, String why) {
        return new Refused(new ApiError(400, why, "invalid_request_error", null, param));
    }

    ApiError error() {
        return error;
    }
}
