package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Credential;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Turns a user name and a password into an access token of this program's own. */
final class Login {

    private static final int MOST_NAME_CHARS = 50;

    /**
     * A token and what is known of it.
     *
     * @param id its number at the gateway if it was made for this program alone, else 0
     */
    record Made(Credential.AccessToken token, long id) {}

    private final Surroundings surroundings;
    private final AdminClient client;

    Login(Surroundings surroundings, AdminClient client) {
        this.surroundings = surroundings;
        this.client = client;
    }

    /**
     * Logs in and makes the token.
     *
     * @param mayRotate whether a server that keeps one token for each user may replace it, which ends its other uses
     */
    Made withPassword(String username, String password, boolean mayRotate) {
        JsonNode user = client.call(
                        "POST",
                        "/api/user/login",
                        Json.object().put("username", username).put("password", password))
                .path("data");
        if (user.path("require_2fa").asBoolean()) {
            user = client.call("POST", "/api/user/login/2fa", Json.object().put("code", secondFactor()))
                    .path("data");
        }
        long userId = user.path("id").asLong();
        if (userId <= 0) {
            throw new Failure(ExitCode.REFUSED, "the server's answer to the login names no user", "");
        }
        AdminClient session = client.as(Credential.ofLogin(userId));
        return token(session, userId, mayRotate);
    }

    private Made token(AdminClient session, long userId, boolean mayRotate) {
        JsonNode made = session.callIfKnown(
                "POST", "/api/user/access_tokens", Json.object().put("name", tokenName()));
        if (!made.isMissingNode()) {
            JsonNode data = made.path("data");
            String secret = data.hasNonNull("token") ? Json.text(data, "token") : Json.text(data, "access_token");
            return new Made(usable(userId, secret), data.path("id").asLong());
        }
        if (!mayRotate) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "this server keeps one access token for each user, and making one ends the one in use",
                    "--rotate does it all the same; --token-stdin takes the one in use");
        }
        return new Made(usable(userId, session.get("/api/user/token").asText()), 0);
    }

    private static Credential.AccessToken usable(long userId, String token) {
        if (token.isEmpty()) {
            throw new Failure(ExitCode.REFUSED, "the server's answer holds no access token", "");
        }
        return new Credential.AccessToken(userId, token);
    }

    private String secondFactor() {
        String code = surroundings.variable("NEWAPI_2FA_CODE");
        return code.isEmpty()
                ? surroundings
                        .terminal()
                        .ask("Code of the second factor")
                        .orElseThrow(() -> Failure.ofUsage(
                                "the account has a second factor", "set NEWAPI_2FA_CODE to its current code"))
                : code;
    }

    /** Tells the user, in the list of access tokens, where this one lives. */
    private static String tokenName() {
        String name = "newapi-cli on " + hostName();
        return name.length() <= MOST_NAME_CHARS ? name : name.substring(0, MOST_NAME_CHARS);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
        } catch (UnknownHostException e) {
            return "an unnamed host";
        }
    }
}
