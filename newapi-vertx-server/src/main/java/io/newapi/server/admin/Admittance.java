package io.newapi.server.admin;

import io.newapi.core.access.Role;
import io.newapi.core.access.UserStatus;
import io.newapi.server.auth.AccessTokens;
import io.newapi.server.auth.LoginCookies;
import io.newapi.server.auth.Logins;
import io.newapi.server.store.UserRow;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides who is calling and whether the endpoint is for him, from what the store says now. Every 401 makes the console forget its
 * login, so only a missing login or a wrong {@code New-Api-User} gets one; all other refusals come with status 200.
 *
 * <p>Blocks: for worker threads. Thread-safe.
 */
final class Admittance {

    private final Logins logins;
    private final AccessTokens accessTokens;

    Admittance(Logins logins, AccessTokens accessTokens) {
        this.logins = logins;
        this.accessTokens = accessTokens;
    }

    /** The caller, or a refusal. */
    Actor require(MultiMap headers, Access access) {
        Proven proven = proven(headers);
        requireUserHeader(headers, proven.user().id());
        if (proven.user().status() != UserStatus.ENABLED.code()) {
            throw Refused.because(Message.USER_DISABLED);
        }
        Actor actor = actor(proven).orElseThrow(() -> Refused.because(Message.USER_UNUSABLE));
        if (!access.admits(actor.role())) {
            throw Refused.because(Message.ROLE_TOO_LOW);
        }
        return actor;
    }

    /** Who is logged in with a cookie, on pages that anybody may see; access tokens do not count there. */
    Optional<Actor> visitor(MultiMap headers) {
        return logins.find(cookieValues(headers))
                .filter(login -> login.user().status() == UserStatus.ENABLED.code())
                .flatMap(login -> actor(new Proven(login.user(), Actor.Method.COOKIE, login.loginId())));
    }

    private Proven proven(MultiMap headers) {
        Optional<Logins.LoggedIn> login = logins.find(cookieValues(headers));
        if (login.isPresent()) {
            return new Proven(
                    login.get().user(), Actor.Method.COOKIE, login.get().loginId());
        }
        String authorization = headers.get("Authorization");
        if (authorization == null || authorization.isBlank()) {
            throw Refused.with(401, Message.NOT_LOGGED_IN);
        }
        AccessTokens.Holder holder =
                accessTokens.find(authorization).orElseThrow(() -> Refused.because(Message.ACCESS_TOKEN_INVALID));
        return new Proven(
                holder.user(), holder.named() ? Actor.Method.NAMED_ACCESS_TOKEN : Actor.Method.ACCESS_TOKEN, "");
    }

    static List<String> cookieValues(MultiMap headers) {
        return LoginCookies.valuesIn(headers.getAll("Cookie"));
    }

    private static void requireUserHeader(MultiMap headers, long userId) {
        String header = headers.get("New-Api-User");
        if (header == null || header.isBlank()) {
            throw Refused.with(401, Message.USER_HEADER_MISSING);
        }
        String text = header.strip();
        if (text.length() > 18 || !text.matches("-?[0-9]+")) {
            throw Refused.with(401, Message.USER_HEADER_INVALID);
        }
        if (Long.parseLong(text) != userId) {
            throw Refused.with(401, Message.USER_HEADER_MISMATCH);
        }
    }

    private static Optional<Actor> actor(Proven proven) {
        UserRow user = proven.user();
        Role role = Role.fromCode(user.role());
        boolean usable = !user.username().isBlank() && role.code() == user.role();
        return usable
                ? Optional.of(new Actor(
                        user.id(),
                        user.username(),
                        role,
                        user.group(),
                        proven.method(),
                        proven.loginId(),
                        language(user.setting())))
                : Optional.empty();
    }

    private static String language(String setting) {
        String tag = Json.parseObject(setting)
                .map(object -> object.path("language").asText(""))
                .orElse("");
        return tag.toLowerCase(Locale.ROOT).split("[-_]", 2)[0];
    }

    private record Proven(UserRow user, Actor.Method method, String loginId) {}
}
