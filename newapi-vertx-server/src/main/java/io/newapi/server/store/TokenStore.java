package io.newapi.server.store;

import static org.jooq.impl.DSL.selectOne;

import io.newapi.server.store.Tables.Tokens;
import io.newapi.server.store.Tables.Users;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.ResultQuery;

/** API tokens. Except for {@link #byKey} and {@link #byIdWithDeleted} every method sees only live tokens. */
public final class TokenStore {

    /** How many live tokens one user may have when nothing else is said. */
    public static final int DEFAULT_MAX_TOKENS = 1000;

    /** The most tokens that one call deletes. */
    public static final int MAX_BATCH = 1000;

    private static final int KEY_LENGTH = 48;
    private static final int KEY_ATTEMPTS = 4;
    private static final int MAX_SEARCH = 100;
    private final Database database;
    private final BalanceStore balances;
    private final InstantSource clock;
    private final RandomText random;

    /** Tokens of {@code database}; {@code random} makes keys and must be hard to guess. */
    public TokenStore(Database database, BalanceStore balances, InstantSource clock, RandomText random) {
        this.database = database;
        this.balances = balances;
        this.clock = clock;
        this.random = random;
    }

    /**
     * The live token with exactly this key, which comes without {@code sk-}. The key that is found is compared byte for
     * byte, because some collations take upper and lower case for the same.
     */
    public Optional<TokenRow> byKey(String key) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        return database.read(context -> exactly(key, withKey(context, key).fetch(TokenRows::row).stream()));
    }

    /** Live tokens whose keys the database takes for this one, the oldest first. */
    static ResultQuery<Record> withKey(DSLContext context, String key) {
        return context.select(TokenRows.COLUMNS)
                .from(Tokens.TABLE)
                .where(Tokens.KEY.eq(key).and(Tokens.DELETED_AT.isNull()))
                .orderBy(Tokens.ID);
    }

    /** The first whose key is this one byte for byte. */
    static Optional<TokenRow> exactly(String key, Stream<TokenRow> tokens) {
        return tokens.filter(token -> token.key().equals(key)).findFirst();
    }

    /** A live token of this user. */
    public Optional<TokenRow> own(long userId, long id) {
        return database.read(context -> find(context, owned(userId).and(Tokens.ID.eq(id))));
    }

    /** A token of anybody, deleted or not. */
    public Optional<TokenRow> byIdWithDeleted(long id) {
        return database.read(context -> find(context, Tokens.ID.eq(id)));
    }

    /**
     * The keys of tokens by their ids, deleted ones included; of those that do not exist there is none.
     *
     * @param ids at most {@link #MAX_BATCH}
     */
    public Map<Long, String> keys(Collection<Long> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return database.read(context -> {
            Map<Long, String> keys = new HashMap<>();
            context.select(Tokens.ID, Tokens.KEY)
                    .from(Tokens.TABLE)
                    .where(Tokens.ID.in(ids))
                    .forEach(row -> keys.put(Nulls.number(row, Tokens.ID), Nulls.text(row, Tokens.KEY)));
            return keys;
        });
    }

    /**
     * The keys of all tokens, deleted ones included, of those of these users who are deleted.
     *
     * @param userIds at most {@link #MAX_BATCH}
     */
    public List<String> keysOfDeletedUsers(Collection<Long> userIds) {
        if (userIds.isEmpty()) {
            return List.of();
        }
        return database.read(context -> context.select(Tokens.KEY)
                .from(Tokens.TABLE)
                .where(Tokens.USER_ID.in(userIds))
                .andNotExists(selectOne()
                        .from(Users.TABLE)
                        .where(Users.ID.eq(Tokens.USER_ID).and(Users.DELETED_AT.isNull())))
                .fetch(row -> Nulls.text(row, Tokens.KEY)));
    }

    /** The user's tokens, the newest first. */
    public Page<TokenRow> page(long userId, PageRequest request) {
        return page(owned(userId), request);
    }

    /**
     * The user's tokens whose name contains {@code name} and whose key contains {@code keyPart}, the newest first; an
     * empty text matches all.
     */
    public Page<TokenRow> search(long userId, String name, String keyPart, PageRequest request) {
        return page(matching(userId, name, keyPart), request);
    }

    /** As {@link #search(long, String, String, PageRequest)}: the first hundred. */
    public List<TokenRow> search(long userId, String name, String keyPart) {
        return search(userId, name, keyPart, new PageRequest(1, MAX_SEARCH)).items();
    }

    /** How many live tokens the user has. */
    public long count(long userId) {
        return database.read(context -> (long) context.fetchCount(Tokens.TABLE, owned(userId)));
    }

    /**
     * Creates a token with a random key.
     *
     * @param maxTokens how many live tokens the user may have, this one included
     * @param by the user who does it, 0 for the gateway itself
     */
    public TokenOutcome create(NewToken token, int maxTokens, long by) {
        return database.write(context -> {
            if (context.fetchCount(Tokens.TABLE, owned(token.userId())) >= maxTokens) {
                return new TokenOutcome.TooMany(maxTokens);
            }
            long id = insert(context, token);
            balances.opened(context, AccountKind.TOKEN, id, token.remainQuota(), by);
            return new TokenOutcome.Created(find(context, Tokens.ID.eq(id)).orElseThrow());
        });
    }

    /**
     * Changes the named columns of a live token of this user.
     *
     * @return the row as it is now, or empty if the user has no such token
     */
    public Optional<TokenRow> update(long userId, long id, TokenChange change) {
        return database.write(context -> {
            Condition mine = owned(userId).and(Tokens.ID.eq(id));
            if (find(context, mine).isEmpty()) {
                return Optional.empty();
            }
            if (!change.columns().isEmpty()) {
                context.update(Tokens.TABLE)
                        .set(change.columns().asMap())
                        .where(mine)
                        .execute();
            }
            change.total()
                    .ifPresent(units ->
                            balances.setTotal(AccountKind.TOKEN, id, units, userId, "token's remaining quota edited"));
            return find(context, mine);
        });
    }

    /** Changes only the status. */
    public Optional<TokenRow> setStatus(long userId, long id, int status) {
        return update(userId, id, TokenChange.none().status(status));
    }

    /** Marks a token of this user as deleted; false if there is none. */
    public boolean delete(long userId, long id) {
        return deleteAll(userId, List.of(id)) == 1;
    }

    /**
     * Marks tokens of this user as deleted.
     *
     * @param ids at most {@link #MAX_BATCH}
     * @return how many it were
     */
    public int deleteAll(long userId, Collection<Long> ids) {
        if (ids.size() > MAX_BATCH) {
            throw new IllegalArgumentException("at most " + MAX_BATCH + " tokens at once: " + ids.size());
        }
        return database.write(context -> context.update(Tokens.TABLE)
                .set(Tokens.DELETED_AT, Dialect.time(context, clock.instant()))
                .where(owned(userId).and(Tokens.ID.in(ids)))
                .execute());
    }

    private long insert(DSLContext context, NewToken token) {
        for (int attempt = 0; attempt < KEY_ATTEMPTS; attempt++) {
            long now = clock.instant().getEpochSecond();
            OptionalLong id = Inserts.id(
                    context,
                    Dialect.upserts(context)
                            .insertInto(Tokens.TABLE)
                            .set(Tokens.USER_ID, token.userId())
                            .set(Tokens.KEY, random.alphanumeric(KEY_LENGTH))
                            .set(Tokens.STATUS, 1)
                            .set(Tokens.NAME, token.name())
                            .set(Tokens.CREATED_TIME, now)
                            .set(Tokens.ACCESSED_TIME, now)
                            .set(Tokens.EXPIRED_TIME, token.expiredTime() == 0 ? -1 : token.expiredTime())
                            .set(Tokens.REMAIN_QUOTA, token.remainQuota())
                            .set(Tokens.UNLIMITED_QUOTA, token.unlimitedQuota())
                            .set(Tokens.MODEL_LIMITS_ENABLED, token.modelLimitsEnabled())
                            .set(Tokens.MODEL_LIMITS, token.modelLimits())
                            .set(Tokens.ALLOW_IPS, token.allowIps())
                            .set(Tokens.USED_QUOTA, 0L)
                            .set(Tokens.GROUP, token.group())
                            .set(Tokens.CROSS_GROUP_RETRY, token.crossGroupRetry())
                            .onConflict(Tokens.KEY)
                            .doNothing());
            if (id.isPresent()) {
                return id.getAsLong();
            }
        }
        throw new DatabaseException(
                DatabaseException.Reason.CONSTRAINT,
                "no free token key in " + KEY_ATTEMPTS + " attempts: the random generator repeats itself",
                null);
    }

    private static Condition owned(long userId) {
        return Tokens.USER_ID.eq(userId).and(Tokens.DELETED_AT.isNull());
    }

    private static Condition matching(long userId, String name, String keyPart) {
        Condition condition = owned(userId);
        if (!name.isEmpty()) {
            condition = condition.and(Like.contains(Tokens.NAME, name));
        }
        return keyPart.isEmpty() ? condition : condition.and(Like.contains(Tokens.KEY, keyPart));
    }

    private static Optional<TokenRow> find(DSLContext context, Condition condition) {
        return context.select(TokenRows.COLUMNS)
                .from(Tokens.TABLE)
                .where(condition)
                .orderBy(Tokens.ID)
                .limit(1)
                .fetchOptional(TokenRows::row);
    }

    private Page<TokenRow> page(Condition condition, PageRequest request) {
        return database.read(context -> new Page<>(
                context.select(TokenRows.COLUMNS)
                        .from(Tokens.TABLE)
                        .where(condition)
                        .orderBy(Tokens.ID.desc())
                        .limit(request.size())
                        .offset(request.offset())
                        .fetch(TokenRows::row),
                context.fetchCount(Tokens.TABLE, condition),
                request));
    }
}
