package io.newapi.server.store;

import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;

import io.newapi.server.store.Tables.AccessTokens;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;

/** Named access tokens, known by their SHA-256 hash alone. */
public final class AccessTokenStore {

    /** How many valid access tokens one user may have. */
    public static final int MAX_PER_USER = 100;

    private static final List<Field<?>> COLUMNS = List.of(
            AccessTokens.ID,
            AccessTokens.USER_ID,
            AccessTokens.NAME,
            AccessTokens.CREATED_AT,
            AccessTokens.EXPIRES_AT,
            AccessTokens.LAST_USED_AT,
            AccessTokens.REVOKED_AT);

    private final Database database;
    private final InstantSource clock;

    /** Access tokens of {@code database}. */
    public AccessTokenStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Stores an access token.
     *
     * @param sha256Hex the hash of the token, 64 lower-case hex digits; it must not be in use
     * @param expiresAt Unix seconds, 0 for never
     * @return empty if the user has {@link #MAX_PER_USER} of them already
     */
    public Optional<AccessTokenRow> create(long userId, String sha256Hex, String name, long expiresAt) {
        return database.write(context -> {
            if (valid(userId).size() >= MAX_PER_USER) {
                return Optional.empty();
            }
            context.insertInto(AccessTokens.TABLE)
                    .set(AccessTokens.USER_ID, userId)
                    .set(AccessTokens.TOKEN_HASH, sha256Hex)
                    .set(AccessTokens.NAME, name)
                    .set(AccessTokens.CREATED_AT, now())
                    .set(AccessTokens.EXPIRES_AT, expiresAt)
                    .set(AccessTokens.LAST_USED_AT, 0L)
                    .set(AccessTokens.REVOKED_AT, 0L)
                    .execute();
            return byHash(sha256Hex);
        });
    }

    /** The access token with this hash, valid or not. */
    public Optional<AccessTokenRow> byHash(String sha256Hex) {
        return database.read(context -> context.select(COLUMNS)
                .from(AccessTokens.TABLE)
                .where(AccessTokens.TOKEN_HASH.eq(sha256Hex))
                .fetchOptional(AccessTokenStore::row));
    }

    /** The user's valid access tokens, the newest first. */
    public List<AccessTokenRow> valid(long userId) {
        long now = now();
        return database.read(context -> context.select(COLUMNS)
                .from(AccessTokens.TABLE)
                .where(AccessTokens.USER_ID
                        .eq(userId)
                        .and(AccessTokens.REVOKED_AT.eq(0L))
                        .and(AccessTokens.EXPIRES_AT.eq(0L).or(AccessTokens.EXPIRES_AT.gt(now))))
                .orderBy(AccessTokens.ID.desc())
                .limit(MAX_PER_USER)
                .fetch(AccessTokenStore::row));
    }

    /** Notes that the access token was used. Not needed on every request. */
    public void used(long id) {
        database.write(context -> context.update(AccessTokens.TABLE)
                .set(AccessTokens.LAST_USED_AT, now())
                .where(AccessTokens.ID.eq(id))
                .execute());
    }

    /** Ends an access token of this user; false if there is none. */
    public boolean revoke(long userId, long id) {
        return database.write(context -> context.update(AccessTokens.TABLE)
                        .set(AccessTokens.REVOKED_AT, now())
                        .where(AccessTokens.ID
                                .eq(id)
                                .and(AccessTokens.USER_ID.eq(userId))
                                .and(AccessTokens.REVOKED_AT.eq(0L)))
                        .execute()
                == 1);
    }

    /** Ends all access tokens of the user; how many it were. */
    public int revokeAll(long userId) {
        return database.write(context -> context.update(AccessTokens.TABLE)
                .set(AccessTokens.REVOKED_AT, now())
                .where(AccessTokens.USER_ID.eq(userId).and(AccessTokens.REVOKED_AT.eq(0L)))
                .execute());
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static AccessTokenRow row(Record row) {
        return new AccessTokenRow(
                number(row, AccessTokens.ID),
                number(row, AccessTokens.USER_ID),
                text(row, AccessTokens.NAME),
                number(row, AccessTokens.CREATED_AT),
                number(row, AccessTokens.EXPIRES_AT),
                number(row, AccessTokens.LAST_USED_AT),
                number(row, AccessTokens.REVOKED_AT));
    }
}
