package io.newapi.cli.client;

import java.net.http.HttpRequest;

/** How a call says who is calling. Implementations never show a secret in {@code toString}. */
public interface Credential {

    /** Nobody: for the few calls that anybody may make. */
    Credential NONE = request -> {};

    /** Puts what is needed on the request. */
    void applyTo(HttpRequest.Builder request);

    /** The user of a login whose cookie the client holds. */
    static Credential ofLogin(long userId) {
        return request -> request.header("New-Api-User", Long.toString(userId));
    }

    /**
     * An access token and the user whom it belongs to.
     *
     * @param userId the user's id, above 0
     * @param token the access token
     */
    record AccessToken(long userId, String token) implements Credential {

        /** @throws IllegalArgumentException if the id is not above 0 or the token cannot be sent as a header */
        public AccessToken {
            if (userId <= 0) {
                throw new IllegalArgumentException("user id must be above 0: " + userId);
            }
            if (!token.matches("[\\x21-\\x7e]{1,1024}")) {
                throw new IllegalArgumentException("an access token has from 1 to 1024 visible ASCII characters");
            }
        }

        @Override
        public void applyTo(HttpRequest.Builder request) {
            request.header("Authorization", "Bearer " + token);
            request.header("New-Api-User", Long.toString(userId));
        }

        @Override
        public String toString() {
            return "AccessToken[userId=" + userId + "]";
        }
    }
}
