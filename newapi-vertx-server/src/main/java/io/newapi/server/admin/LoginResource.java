package io.newapi.server.admin;

import io.newapi.core.access.UserStatus;
import io.newapi.server.auth.Logins;
import io.newapi.server.auth.Passwords;
import io.newapi.server.store.TwoFactorStore;
import io.newapi.server.store.UserRow;
import io.newapi.server.store.UserStore;
import java.time.Duration;
import java.util.Optional;

/** {@code /api/user/login} and {@code /api/user/logout}. */
final class LoginResource {

    private final UserStore users;
    private final TwoFactorStore secondFactors;
    private final Logins logins;
    private final Passwords passwords;
    private final ConsoleOptions options;
    private final RateLimits limits;

    LoginResource(
            UserStore users,
            TwoFactorStore secondFactors,
            Logins logins,
            Passwords passwords,
            ConsoleOptions options,
            RateLimits limits) {
        this.users = users;
        this.secondFactors = secondFactors;
        this.logins = logins;
        this.passwords = passwords;
        this.options = options;
        this.limits = limits;
    }

    void mount(AdminRoutes routes) {
        routes.criticalPost("/api/user/login", Access.ANYONE, this::login)
                .get("/api/user/logout", Access.ANYONE, this::logout)
                .post("/api/user/logout", Access.ANYONE, this::logout);
    }

    /** One answer for a wrong password, an unknown name and a disabled account, after the same work. */
    private Answer login(AdminCall call) {
        if (!options.passwordLogin()) {
            throw Refused.because(Message.PASSWORD_LOGIN_DISABLED);
        }
        Fields body = call.body();
        String name = body.text("username").strip();
        String password = body.text("password");
        if (name.isEmpty() || password.isEmpty()) {
            throw Refused.because(Message.FIELD_MISSING, name.isEmpty() ? "username" : "password");
        }
        Duration wait = limits.loginAttempt(name);
        if (!wait.isZero()) {
            throw AdminRoutes.tooManyRequests(wait);
        }
        Optional<UserStore.LoginCandidate> candidate = users.loginCandidate(name);
        if (candidate.isEmpty()) {
            passwords.compareWithNobody(password);
            throw Refused.because(Message.LOGIN_FAILED);
        }
        UserRow user = candidate.get().user();
        boolean matches = passwords.matches(password, user.passwordHash());
        if (!matches || user.status() != UserStatus.ENABLED.code()) {
            throw Refused.because(Message.LOGIN_FAILED);
        }
        if (secondFactors.enabledFor(user.id())) {
            throw Refused.because(Message.SECOND_FACTOR_UNSUPPORTED);
        }
        logins.end(Admittance.cookieValues(call.headers()));
        return Answer.ok(UserView.forLogin(user))
                .header("Set-Cookie", logins.start(user.id(), candidate.get().authVersion(), call.overHttps()));
    }

    private Answer logout(AdminCall call) {
        if (Origins.isForeign(call.headers())) {
            throw Refused.with(403, Message.ORIGIN_REFUSED);
        }
        logins.end(Admittance.cookieValues(call.headers()));
        return Answer.ok().header("Set-Cookie", logins.clearHeader(call.overHttps()));
    }
}
