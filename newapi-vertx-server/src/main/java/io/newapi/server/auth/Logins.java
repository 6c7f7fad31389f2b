package io.newapi.server.auth;

import io.newapi.server.store.LoginRow;
import io.newapi.server.store.LoginStore;
import io.newapi.server.store.UserRow;
import io.newapi.server.store.UserStore;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;

/**
 * Logins by cookie. A cookie only says which login it belongs to; whether that login still counts, and what the user is and may
 * do, is read from the store at every call. So logging out, a new password, disabling, demoting and deleting work at once.
 *
 * <p>Blocks: for worker threads. Thread-safe.
 */
public final class Logins {

    private static final int ID_LENGTH = 32;
    private static final long SEEN_INTERVAL_SECONDS = 300;

    private final LoginCookies cookies;
    private final LoginStore store;
    private final UserStore users;
    private final InstantSource clock;
    private final LowerCaseIds ids = new LowerCaseIds();

    /** Logins kept in {@code store}, whose cookies are written by {@code cookies}. */
    public Logins(LoginCookies cookies, LoginStore store, UserStore users, InstantSource clock) {
        this.cookies = cookies;
        this.store = store;
        this.users = users;
        this.clock = clock;
    }

    /**
     * A valid login.
     *
     * @param user the user as the store has him now
     * @param loginId which of his logins it is
     */
    public record LoggedIn(UserRow user, String loginId) {}

    /**
     * Starts a login under a new id, whatever the browser sent before; the {@code Set-Cookie} header for it.
     *
     * @param authVersion the user's auth version when it was proven that he may log in; if it has changed since, the login is void
     * @param overHttps whether he came over HTTPS
     */
    public String start(long userId, long authVersion, boolean overHttps) {
        store.deleteExpired();
        String loginId = ids.next(ID_LENGTH);
        store.create(loginId, userId, clock.instant().plus(LoginCookies.LIFE).getEpochSecond());
        return cookies.setHeader(new LoginTicket(loginId, userId, authVersion), overHttps);
    }

    /** The login behind one of these cookie values, if it still counts. */
    public Optional<LoggedIn> find(Collection<String> cookieValues) {
        return cookieValues.stream()
                .flatMap(value -> cookies.read(value).stream())
                .flatMap(ticket -> find(ticket).stream())
                .findFirst();
    }

    private Optional<LoggedIn> find(LoginTicket ticket) {
        long now = clock.instant().getEpochSecond();
        Optional<LoginRow> row =
                store.byId(ticket.loginId()).filter(login -> login.validAt(now) && login.userId() == ticket.userId());
        if (row.isEmpty() || users.authVersion(ticket.userId()) != ticket.authVersion()) {
            return Optional.empty();
        }
        if (now - row.get().lastSeenAt() >= SEEN_INTERVAL_SECONDS) {
            store.seen(ticket.loginId());
        }
        return users.byId(ticket.userId()).map(user -> new LoggedIn(user, ticket.loginId()));
    }

    /** Ends the logins behind these cookie values; others of the same user go on. */
    public void end(Collection<String> cookieValues) {
        cookieValues.stream()
                .flatMap(value -> cookies.read(value).stream())
                .forEach(ticket -> store.revoke(ticket.loginId()));
    }

    /** Ends all logins of a user. */
    public void endAll(long userId) {
        store.revokeAll(userId, "");
    }

    /**
     * The {@code Set-Cookie} header that removes the cookie from the browser.
     *
     * @param overHttps whether he came over HTTPS
     */
    public String clearHeader(boolean overHttps) {
        return cookies.clearHeader(overHttps);
    }
}
