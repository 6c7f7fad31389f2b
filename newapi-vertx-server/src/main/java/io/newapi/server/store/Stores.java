package io.newapi.server.store;

import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All stores of a node's database, for the place that wires it together. Logs may be in a database of their own. */
public record Stores(
        Database database,
        BalanceStore balances,
        UserStore users,
        TokenStore tokens,
        ChannelStore channels,
        OptionStore options,
        LogStore logs,
        SetupStore setup,
        LoginStore logins,
        AccessTokenStore accessTokens,
        AuditStore audit,
        BookStore books) {

    /** Stores that date their rows by {@code clock} and make keys that are hard to guess. */
    public static Stores of(Database database, InstantSource clock) {
        return of(database, database, clock);
    }

    /**
     * The same, with the logs in a database that may be another.
     *
     * @param logs has the tables of {@link Schema#createLogs}
     */
    public static Stores of(Database database, Database logs, InstantSource clock) {
        return of(database, logs, clock, RandomText.secure());
    }

    /** Runs {@code work} so that everything it changes through these stores is kept together or not at all. */
    public <T extends @Nullable Object> T atomically(Supplier<T> work) {
        return database.write(context -> work.get());
    }

    /** Runs {@code work} so that everything it reads through these stores is of one moment. */
    public <T extends @Nullable Object> T consistently(Supplier<T> work) {
        return database.read(context -> work.get());
    }

    static Stores of(Database database, Database logs, InstantSource clock, RandomText random) {
        BalanceStore balances = new BalanceStore(database, clock);
        UserStore users = new UserStore(database, balances, clock, random);
        return new Stores(
                database,
                balances,
                users,
                new TokenStore(database, balances, clock, random),
                new ChannelStore(database, clock),
                new OptionStore(database),
                new LogStore(logs, database, clock),
                new SetupStore(database, users, clock),
                new LoginStore(database, clock),
                new AccessTokenStore(database, clock),
                new AuditStore(database, clock),
                new BookStore(database, logs, clock));
    }
}
