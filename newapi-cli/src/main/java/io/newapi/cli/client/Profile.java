package io.newapi.cli.client;

/**
 * A gateway and the credential for it, under one name.
 *
 * @param url the gateway's address
 * @param userId the user whom the token belongs to
 * @param token the access token
 * @param tokenId the token's number at the gateway if this program made it there for this profile alone, so that it can
 *     be ended when the profile gets another; else 0
 */
public record Profile(String url, long userId, String token, long tokenId) {

    @Override
    public String toString() {
        return "Profile[" + url + ", userId=" + userId + "]";
    }
}
