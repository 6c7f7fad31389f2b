package io.newapi.server.store;

import io.newapi.server.store.Tables.Setups;
import java.time.InstantSource;
import org.jooq.DSLContext;

/**
 * The first set-up. Whether it is done is read from the database on every call, and one row with a fixed id guards it:
 * of two simultaneous requests one makes the root user and the other is told that it was too late.
 */
public final class SetupStore {

    /** The balance of the first root user, as in the original. */
    public static final long ROOT_QUOTA = 100_000_000;

    private static final int ROOT_ROLE = 100;
    private static final long MARKER_ID = 1;

    /** A fresh installation retries on other channels; without the option a failed attempt would be final. */
    private static final String RETRY_TIMES = "2";

    private final Database database;
    private final UserStore users;
    private final InstantSource clock;

    /** The set-up of {@code database}. */
    public SetupStore(Database database, UserStore users, InstantSource clock) {
        this.database = database;
        this.users = users;
        this.clock = clock;
    }

    /** The state now. A database with a live root user counts as set up, with or without a row that says so. */
    public SetupStatus status() {
        return database.read(context -> {
            boolean rootExists = UserStore.rootExists(context);
            return new SetupStatus(rootExists || marked(context), rootExists);
        });
    }

    /** Adds the row that says "set up" to an older database that has a root user but no such row. */
    public void adopt(String version) {
        database.write(context -> {
            if (!marked(context) && UserStore.rootExists(context)) {
                mark(context, version);
            }
            return context;
        });
    }

    /** Makes the root user, stores the options and marks the system as set up: all in one transaction. */
    public SetupOutcome run(SetupRequest request) {
        return database.write(context -> {
            if (marked(context) || UserStore.rootExists(context) || !mark(context, request.version())) {
                return new SetupOutcome.AlreadyDone();
            }
            NewUser root = NewUser.of(request.username(), request.passwordHash(), "Root User", ROOT_ROLE, ROOT_QUOTA);
            UserOutcome outcome = users.create(root, 0);
            if (!(outcome instanceof UserOutcome.Saved saved)) {
                context.deleteFrom(Setups.TABLE).where(Setups.ID.eq(MARKER_ID)).execute();
                return new SetupOutcome.NameTaken(request.username());
            }
            OptionStore.put(context, "SelfUseModeEnabled", Boolean.toString(request.selfUse()));
            OptionStore.put(context, "DemoSiteEnabled", Boolean.toString(request.demoSite()));
            OptionStore.put(context, "RetryTimes", RETRY_TIMES);
            return new SetupOutcome.Done(saved.user());
        });
    }

    private static boolean marked(DSLContext context) {
        return context.fetchExists(context.selectOne().from(Setups.TABLE));
    }

    private boolean mark(DSLContext context, String version) {
        return Dialect.upserts(context)
                        .insertInto(Setups.TABLE)
                        .set(Setups.ID, MARKER_ID)
                        .set(Setups.VERSION, version)
                        .set(Setups.INITIALIZED_AT, clock.instant().getEpochSecond())
                        .onConflict(Setups.ID)
                        .doNothing()
                        .execute()
                == 1;
    }
}
