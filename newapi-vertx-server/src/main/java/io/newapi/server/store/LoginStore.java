package io.newapi.server.store;

import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;

import io.newapi.server.store.Tables.Logins;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;

/** Logins: one row for each, so that they can be listed and ended. */
public final class LoginStore {

    private static final int MAX_LIST = 100;
    private static final List<Field<?>> COLUMNS = List.of(
            Logins.LOGIN_ID,
            Logins.USER_ID,
            Logins.CREATED_AT,
            Logins.LAST_SEEN_AT,
            Logins.EXPIRES_AT,
            Logins.REVOKED_AT);

    private final Database database;
    private final InstantSource clock;

    /** Logins of {@code database}. */
    public LoginStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Records a login under a random id; {@code expiresAt} is in Unix seconds. */
    public LoginRow create(String loginId, long userId, long expiresAt) {
        long now = now();
        LoginRow login = new LoginRow(loginId, userId, now, now, expiresAt, 0);
        database.write(context -> context.insertInto(Logins.TABLE)
                .set(Logins.LOGIN_ID, loginId)
                .set(Logins.USER_ID, userId)
                .set(Logins.CREATED_AT, now)
                .set(Logins.LAST_SEEN_AT, now)
                .set(Logins.EXPIRES_AT, expiresAt)
                .set(Logins.REVOKED_AT, 0L)
                .execute());
        return login;
    }

    /** The login with this id, valid or not. */
    public Optional<LoginRow> byId(String loginId) {
        return database.read(context -> context.select(COLUMNS)
                .from(Logins.TABLE)
                .where(Logins.LOGIN_ID.eq(loginId))
                .fetchOptional(LoginStore::row));
    }

    /** The user's valid logins, the latest first; at most a hundred. */
    public List<LoginRow> valid(long userId) {
        return database.read(context -> context.select(COLUMNS)
                .from(Logins.TABLE)
                .where(Logins.USER_ID.eq(userId).and(Logins.REVOKED_AT.eq(0L)).and(Logins.EXPIRES_AT.gt(now())))
                .orderBy(Logins.LAST_SEEN_AT.desc(), Logins.LOGIN_ID)
                .limit(MAX_LIST)
                .fetch(LoginStore::row));
    }

    /** Notes that the login was used. Not needed on every request. */
    public void seen(String loginId) {
        database.write(context -> context.update(Logins.TABLE)
                .set(Logins.LAST_SEEN_AT, now())
                .where(Logins.LOGIN_ID.eq(loginId))
                .execute());
    }

    /** Ends a login; false if it was ended before or never was. */
    public boolean revoke(String loginId) {
        return revoke(Logins.LOGIN_ID.eq(loginId)) == 1;
    }

    /** Ends all logins of the user but, perhaps, one; how many it were. */
    public int revokeAll(long userId, String exceptLoginId) {
        return revoke(Logins.USER_ID.eq(userId).and(Logins.LOGIN_ID.ne(exceptLoginId)));
    }

    /** Removes logins that have expired; how many it were. */
    public int deleteExpired() {
        return database.write(context -> context.deleteFrom(Logins.TABLE)
                .where(Logins.EXPIRES_AT.le(now()))
                .execute());
    }

    private int revoke(Condition condition) {
        return database.write(context -> context.update(Logins.TABLE)
                .set(Logins.REVOKED_AT, now())
                .where(condition.and(Logins.REVOKED_AT.eq(0L)))
                .execute());
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static LoginRow row(Record row) {
        return new LoginRow(
                text(row, Logins.LOGIN_ID),
                number(row, Logins.USER_ID),
                number(row, Logins.CREATED_AT),
                number(row, Logins.LAST_SEEN_AT),
                number(row, Logins.EXPIRES_AT),
                number(row, Logins.REVOKED_AT));
    }
}
