package io.newapi.cli.client;

/**
 * A gateway and the credential for it, under one name.
 *
 * @param url the gateway's address
 * @param userId the user whom the token belongs to
 * @param token the access token
 */
public record Profile(String url, long userId, String token) {

    @Override
    public String toString() {
        return "Profile[" + url + ", userId=" + userId + "]";
    }
}
