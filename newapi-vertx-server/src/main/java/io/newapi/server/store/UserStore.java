package io.newapi.server.store;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.or;

import io.newapi.server.store.Tables.Leases;
import io.newapi.server.store.Tables.Tokens;
import io.newapi.server.store.Tables.UserVersions;
import io.newapi.server.store.Tables.Users;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/**
 * Users. A change writes only the columns it is about, and never the balance as an absolute value. What concerns access
 * (password, role, status, deletion) raises the user's auth version in the same transaction, which ends his logins.
 */
public final class UserStore {

    /** The group of a user for whom none was given. */
    public static final String DEFAULT_GROUP = "default";

    private static final int AFF_CODE_LENGTH = 8;
    private static final int AFF_CODE_ATTEMPTS = 8;
    private static final int MAX_ROOTS = 100;
    private final Database database;
    private final BalanceStore balances;
    private final InstantSource clock;
    private final RandomText random;

    /** Users of {@code database}; {@code random} makes invitation codes. */
    public UserStore(Database database, BalanceStore balances, InstantSource clock, RandomText random) {
        this.database = database;
        this.balances = balances;
        this.clock = clock;
        this.random = random;
    }

    /** The live user with this id. */
    public Optional<UserRow> byId(long id) {
        return database.read(context -> find(context, Users.ID.eq(id).and(Users.DELETED_AT.isNull())));
    }

    /** Live users of the tokens that {@link TokenStore#withKey} finds. */
    static ResultQuery<Record> ofKey(DSLContext context, String key) {
        return context.select(UserRows.COLUMNS)
                .from(Users.TABLE)
                .where(Users.ID.in(context.select(Tokens.USER_ID)
                        .from(Tokens.TABLE)
                        .where(Tokens.KEY.eq(key).and(Tokens.DELETED_AT.isNull()))))
                .and(Users.DELETED_AT.isNull());
    }

    /** The user with this id, deleted or not. */
    public Optional<UserRow> byIdWithDeleted(long id) {
        return database.read(context -> find(context, Users.ID.eq(id)));
    }

    /** The live user whom people mean when they log in with a user name or an e-mail address; the name goes first. */
    public Optional<UserRow> byLogin(String usernameOrEmail) {
        if (usernameOrEmail.isEmpty()) {
            return Optional.empty();
        }
        return database.read(context -> {
            Optional<UserRow> named =
                    find(context, Users.USERNAME.eq(usernameOrEmail).and(Users.DELETED_AT.isNull()));
            return named.isPresent()
                    ? named
                    : find(context, Users.EMAIL.eq(usernameOrEmail).and(Users.DELETED_AT.isNull()));
        });
    }

    /**
     * A user as he was when somebody began to log in.
     *
     * @param authVersion his auth version of the same moment: a password that is changed while this one is compared makes it old
     */
    public record LoginCandidate(UserRow user, long authVersion) {}

    /** The user of {@link #byLogin} with the auth version that belongs to his password. */
    public Optional<LoginCandidate> loginCandidate(String usernameOrEmail) {
        return database.read(context ->
                byLogin(usernameOrEmail).map(user -> new LoginCandidate(user, version(context, user.id()))));
    }

    /** The live user who has exactly this access token in his own row (the original's kind of access token). */
    public Optional<UserRow> byAccessToken(String accessToken) {
        if (accessToken.isEmpty()) {
            return Optional.empty();
        }
        return database.read(context -> {
            Long id = context
                    .select(Users.ID, Users.ACCESS_TOKEN)
                    .from(Users.TABLE)
                    .where(Users.ACCESS_TOKEN.eq(accessToken).and(Users.DELETED_AT.isNull()))
                    .fetch()
                    .stream()
                    .filter(row -> accessToken.equals(row.get(Users.ACCESS_TOKEN)))
                    .findFirst()
                    .map(row -> row.get(Users.ID))
                    .orElse(null);
            return id == null ? Optional.empty() : find(context, Users.ID.eq(id));
        });
    }

    /** All users, deleted ones included, the newest first. */
    public Page<UserRow> page(PageRequest request) {
        return page(noCondition(), request);
    }

    /**
     * Users, deleted ones included, the newest first.
     *
     * @param keyword part of the name, the shown name or the address, or the whole id; empty for any
     * @param group the exact group, empty for any
     */
    public Page<UserRow> search(String keyword, String group, PageRequest request) {
        List<Condition> matches = new ArrayList<>();
        if (!keyword.isEmpty()) {
            matches.add(Like.contains(Users.USERNAME, keyword));
            matches.add(Like.contains(Users.EMAIL, keyword));
            matches.add(Like.contains(Users.DISPLAY_NAME, keyword));
            Numbers.parse(keyword).ifPresent(id -> matches.add(Users.ID.eq(id)));
        }
        Condition condition = matches.isEmpty() ? noCondition() : or(matches);
        return page(group.isEmpty() ? condition : condition.and(Users.GROUP.eq(group)), request);
    }

    /** Whether any user has this name, deleted ones included: their names stay reserved. */
    public boolean usernameTaken(String username) {
        return database.read(context -> taken(context, username, 0));
    }

    /** Whether a live root user exists. */
    public boolean rootExists() {
        return database.read(UserStore::rootExists);
    }

    /** The live root users who are enabled, the oldest first; at most a hundred. */
    public List<UserRow> enabledRoots() {
        return database.read(context -> context.select(UserRows.COLUMNS)
                .from(Users.TABLE)
                .where(Users.ROLE.eq(100).and(Users.STATUS.eq(1)).and(Users.DELETED_AT.isNull()))
                .orderBy(Users.ID)
                .limit(MAX_ROOTS)
                .fetch(UserRows::row));
    }

    static boolean rootExists(DSLContext context) {
        return context.fetchExists(
                context.selectOne().from(Users.TABLE).where(Users.ROLE.eq(100).and(Users.DELETED_AT.isNull())));
    }

    /**
     * Creates a user with an invitation code of his own.
     *
     * @param by the user who does it, 0 for the gateway itself
     */
    public UserOutcome create(NewUser user, long by) {
        return database.write(context -> {
            if (taken(context, user.username(), 0)) {
                return new UserOutcome.NameTaken(user.username());
            }
            long id = insert(context, user);
            balances.opened(context, AccountKind.USER, id, user.quota(), by);
            return saved(context, id);
        });
    }

    /**
     * Changes the named columns of a live user.
     *
     * @param by the user who does it, for the record of a changed quota
     */
    public UserOutcome update(long id, UserChange change, long by) {
        return database.write(context -> {
            if (!live(context, id)) {
                return new UserOutcome.NoSuchUser(id);
            }
            Optional<String> name = change.columns().get(Users.USERNAME);
            if (name.isPresent() && taken(context, name.get(), id)) {
                return new UserOutcome.NameTaken(name.get());
            }
            if (!change.columns().isEmpty()) {
                context.update(Users.TABLE)
                        .set(change.columns().asMap())
                        .where(Users.ID.eq(id))
                        .execute();
            }
            change.total()
                    .ifPresent(units -> balances.setTotal(AccountKind.USER, id, units, by, "user's quota edited"));
            if (change.endsLogins()) {
                bump(context, id);
            }
            return saved(context, id);
        });
    }

    /** Sets the role and ends the user's logins; false if there is no such live user. */
    public boolean setRole(long id, int role) {
        return update(id, UserChange.none().role(role), 0) instanceof UserOutcome.Saved;
    }

    /** Sets the status and ends the user's logins; false if there is no such live user. */
    public boolean setStatus(long id, int status) {
        return update(id, UserChange.none().status(status), 0) instanceof UserOutcome.Saved;
    }

    /** Sets the bcrypt hash and ends the user's logins; false if there is no such live user. */
    public boolean setPassword(long id, String passwordHash) {
        return update(id, UserChange.none().passwordHash(passwordHash), 0) instanceof UserOutcome.Saved;
    }

    /**
     * Sets or, with null, removes the access token in the user's row.
     *
     * @return false if there is no such live user, or another user has the token
     */
    public boolean setAccessToken(long id, @Nullable String accessToken) {
        return database.write(context -> {
            if (accessToken != null
                    && context.fetchExists(context.selectOne()
                            .from(Users.TABLE)
                            .where(Users.ACCESS_TOKEN.eq(accessToken).and(Users.ID.ne(id))))) {
                return false;
            }
            return context.update(Users.TABLE)
                            .set(Users.ACCESS_TOKEN, accessToken)
                            .where(Users.ID.eq(id).and(Users.DELETED_AT.isNull()))
                            .execute()
                    == 1;
        });
    }

    /** Marks the user and all his tokens as deleted and ends his logins; false if there is no such live user. */
    public boolean softDelete(long id) {
        return database.write(context -> {
            String now = Dialect.time(context, clock.instant());
            int changed = context.update(Users.TABLE)
                    .set(Users.DELETED_AT, now)
                    .where(Users.ID.eq(id).and(Users.DELETED_AT.isNull()))
                    .execute();
            if (changed == 0) {
                return false;
            }
            context.update(Tokens.TABLE)
                    .set(Tokens.DELETED_AT, now)
                    .where(Tokens.USER_ID.eq(id).and(Tokens.DELETED_AT.isNull()))
                    .execute();
            bump(context, id);
            return true;
        });
    }

    /**
     * Removes the row of a user, deleted or not, once no node holds a part of his balance. As long as one does, the user
     * is only marked as deleted, the leases are recalled, and the answer is false: ask again later. His second factors go with
     * the row; his id is never given to another.
     *
     * @return whether the row is gone
     */
    public boolean hardDelete(long id) {
        return database.write(context -> {
            softDelete(id);
            boolean held = context.fetchExists(context.selectOne()
                    .from(Leases.TABLE)
                    .where(Leases.KIND.eq(AccountKind.USER.code()).and(Leases.ACCOUNT_ID.eq(id))));
            if (held) {
                BalanceStore.recall(context, AccountKind.USER, id);
                return false;
            }
            TwoFactorStore.remove(context, id);
            bump(context, id);
            context.deleteFrom(Users.TABLE).where(Users.ID.eq(id)).execute();
            return true;
        });
    }

    /** The user's auth version: 1 until something about his access was changed. A login with an older one is void. */
    public long authVersion(long id) {
        return database.read(context -> version(context, id));
    }

    /** Ends all logins of the user; the new version. */
    public long bumpAuthVersion(long id) {
        return database.write(context -> bump(context, id));
    }

    private static long bump(DSLContext context, long id) {
        Dialect.upserts(context)
                .insertInto(UserVersions.TABLE)
                .columns(UserVersions.USER_ID, UserVersions.AUTH_VERSION)
                .values(id, version(context, id) + 1)
                .onConflict(UserVersions.USER_ID)
                .doUpdate()
                .set(UserVersions.AUTH_VERSION, excluded(UserVersions.AUTH_VERSION))
                .execute();
        return version(context, id);
    }

    private static long version(DSLContext context, long id) {
        return context.select(UserVersions.AUTH_VERSION)
                .from(UserVersions.TABLE)
                .where(UserVersions.USER_ID.eq(id))
                .fetchOptional(UserVersions.AUTH_VERSION)
                .orElse(1L);
    }

    /**
     * The id of a new user. Removed users leave their auth version behind: it keeps their ids from being given to others, who
     * would find their logs and could be logged in by their cookies.
     */
    private static OptionalLong nextId(DSLContext context) {
        return Sequences.reusesIds(context)
                ? OptionalLong.of(Math.max(
                                Sequences.highest(context, Users.TABLE, Users.ID),
                                Sequences.highest(context, UserVersions.TABLE, UserVersions.USER_ID))
                        + 1)
                : OptionalLong.empty();
    }

    private long insert(DSLContext context, NewUser user) {
        ColumnValues identity = new ColumnValues();
        nextId(context).ifPresent(id -> identity.put(Users.ID, id));
        for (int attempt = 0; attempt < AFF_CODE_ATTEMPTS; attempt++) {
            String affCode = random.alphanumeric(AFF_CODE_LENGTH);
            OptionalLong id = Inserts.id(
                    context,
                    Dialect.upserts(context)
                            .insertInto(Users.TABLE)
                            .set(identity.asMap())
                            .set(Users.USERNAME, user.username())
                            .set(Users.PASSWORD, user.passwordHash())
                            .set(Users.DISPLAY_NAME, user.displayName())
                            .set(Users.ROLE, user.role() == 0 ? 1 : user.role())
                            .set(Users.STATUS, 1)
                            .set(Users.EMAIL, user.email())
                            .set(Users.GITHUB_ID, "")
                            .set(Users.DISCORD_ID, "")
                            .set(Users.OIDC_ID, "")
                            .set(Users.WECHAT_ID, "")
                            .set(Users.TELEGRAM_ID, "")
                            .set(Users.QUOTA, user.quota())
                            .set(Users.USED_QUOTA, 0L)
                            .set(Users.REQUEST_COUNT, 0L)
                            .set(Users.GROUP, user.group().isEmpty() ? DEFAULT_GROUP : user.group())
                            .set(Users.AFF_CODE, affCode)
                            .set(Users.AFF_COUNT, 0L)
                            .set(Users.AFF_QUOTA, 0L)
                            .set(Users.AFF_HISTORY, 0L)
                            .set(Users.INVITER_ID, user.inviterId())
                            .set(Users.LINUX_DO_ID, "")
                            .set(Users.SETTING, user.setting())
                            .set(Users.REMARK, "")
                            .set(Users.STRIPE_CUSTOMER, "")
                            .onConflict(Users.AFF_CODE)
                            .doNothing());
            if (id.isPresent()) {
                return id.getAsLong();
            }
        }
        throw new DatabaseException(
                DatabaseException.Reason.CONSTRAINT,
                "no free invitation code in " + AFF_CODE_ATTEMPTS + " attempts",
                null);
    }

    private static boolean taken(DSLContext context, String username, long exceptId) {
        return context.fetchExists(context.selectOne()
                .from(Users.TABLE)
                .where(Users.USERNAME.eq(username).and(Users.ID.ne(exceptId))));
    }

    private static boolean live(DSLContext context, long id) {
        return context.fetchExists(
                context.selectOne().from(Users.TABLE).where(Users.ID.eq(id).and(Users.DELETED_AT.isNull())));
    }

    private static UserOutcome saved(DSLContext context, long id) {
        return find(context, Users.ID.eq(id))
                .<UserOutcome>map(UserOutcome.Saved::new)
                .orElseGet(() -> new UserOutcome.NoSuchUser(id));
    }

    private static Optional<UserRow> find(DSLContext context, Condition condition) {
        return context.select(UserRows.COLUMNS)
                .from(Users.TABLE)
                .where(condition)
                .orderBy(Users.ID)
                .limit(1)
                .fetchOptional(UserRows::row);
    }

    private Page<UserRow> page(Condition condition, PageRequest request) {
        return database.read(context -> new Page<>(
                context.select(UserRows.COLUMNS)
                        .from(Users.TABLE)
                        .where(condition)
                        .orderBy(Users.ID.desc())
                        .limit(request.size())
                        .offset(request.offset())
                        .fetch(UserRows::row),
                context.fetchCount(Users.TABLE, condition),
                request));
    }
}
