package io.newapi.server.store;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;

import io.newapi.server.store.Tables.Credits;
import io.newapi.server.store.Tables.Leases;
import io.newapi.server.store.Tables.Tokens;
import io.newapi.server.store.Tables.Users;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/**
 * Balances as people see and change them. A node may hold a part of a balance as a lease; that part still belongs to the
 * account. So a total is the column and the sum of the leases, and every change is relative: what nodes spend or return
 * at the same moment is never undone.
 *
 * <p>A change that leaves the column below zero asks all nodes to give their leases back. Every change is recorded in
 * {@code newapi_credits}, which only grows.
 */
public final class BalanceStore {

    private final Database database;
    private final InstantSource clock;

    /** Balances of {@code database}; {@code clock} dates the records. */
    public BalanceStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** The balance of an account, deleted ones included; empty if there is no such row. */
    public Optional<Balance> balance(AccountKind kind, long accountId) {
        return database.read(context -> find(context, kind, accountId));
    }

    /**
     * Makes the total {@code units}, at the moment of this transaction.
     *
     * @param by the user who does it, 0 for the gateway itself
     * @return empty if there is no such account
     * @throws ArithmeticException if the difference exceeds 64 bits
     */
    public Optional<BalanceChange> setTotal(AccountKind kind, long accountId, long units, long by, String reason) {
        return change(kind, accountId, by, reason, balance -> Math.subtractExact(units, balance.total()));
    }

    /**
     * Adds {@code amount}, or takes it when it is negative.
     *
     * @param by the user who does it, 0 for the gateway itself
     * @return empty if there is no such account
     * @throws ArithmeticException if the new balance exceeds 64 bits
     */
    public Optional<BalanceChange> credit(AccountKind kind, long accountId, long amount, long by, String reason) {
        return change(kind, accountId, by, reason, balance -> amount);
    }

    /** Records the quota with which an account was created. */
    void opened(DSLContext context, AccountKind kind, long accountId, long units, long by) {
        BookStore.open(context, BookKind.of(kind), accountId, clock.instant().getEpochSecond());
        if (units != 0) {
            record(context, kind, accountId, units, by, "opening balance");
        }
    }

    /** A column with what nodes hold of the account in the same row. */
    static Field<Long> leased(AccountKind kind, Field<Long> accountId) {
        Field<BigDecimal> held = field(select(coalesce(sum(Leases.HELD), inline(BigDecimal.ZERO)))
                .from(Leases.TABLE)
                .where(Leases.KIND.eq(inline(kind.code())).and(Leases.ACCOUNT_ID.eq(accountId))));
        return held.coerce(SQLDataType.BIGINT).as("leased");
    }

    private Optional<BalanceChange> change(
            AccountKind kind, long accountId, long by, String reason, ToLongFunction<Balance> amountOf) {
        return database.write(context -> locked(context, kind, accountId).map(balance -> {
            long amount = amountOf.applyAsLong(balance);
            long column = Math.addExact(balance.column(), amount);
            long total = Math.addExact(column, balance.leased());
            if (amount != 0) {
                Field<Long> units = column(kind);
                context.update(table(kind))
                        .set(units, coalesce(units, inline(0L)).plus(amount))
                        .where(id(kind).eq(accountId))
                        .execute();
                record(context, kind, accountId, amount, by, reason);
            }
            return new BalanceChange(balance.total(), total, column < 0 && recall(context, kind, accountId) > 0);
        }));
    }

    /** Kept from others until the change is done: a node that books or leases at the same moment waits. */
    private static Optional<Balance> locked(DSLContext context, AccountKind kind, long accountId) {
        Dialect.locked(context, context.select(id(kind)).from(table(kind)).where(id(kind).eq(accountId)))
                .fetchOne();
        return find(context, kind, accountId);
    }

    private static Optional<Balance> find(DSLContext context, AccountKind kind, long accountId) {
        Field<Long> leased = leased(kind, id(kind));
        return context.select(column(kind), leased)
                .from(table(kind))
                .where(id(kind).eq(accountId))
                .fetchOptional(row -> new Balance(Nulls.number(row, column(kind)), Nulls.number(row, leased)));
    }

    /** Asks every node that holds some of the account to return what it does not need for calls in flight. */
    static int recall(DSLContext context, AccountKind kind, long accountId) {
        return context.update(Leases.TABLE)
                .set(Leases.RECALL, 1)
                .where(Leases.KIND
                        .eq(kind.code())
                        .and(Leases.ACCOUNT_ID.eq(accountId))
                        .and(Leases.HELD.gt(0L)))
                .execute();
    }

    private void record(DSLContext context, AccountKind kind, long accountId, long amount, long by, String reason) {
        context.insertInto(Credits.TABLE)
                .set(Credits.KIND, kind.code())
                .set(Credits.ACCOUNT_ID, accountId)
                .set(Credits.AMOUNT, amount)
                .set(Credits.REASON, reason)
                .set(Credits.CREDITED_BY, by)
                .set(Credits.CREATED_AT, clock.instant().getEpochSecond())
                .execute();
    }

    private static Table<Record> table(AccountKind kind) {
        return switch (kind) {
            case USER -> Users.TABLE;
            case TOKEN -> Tokens.TABLE;
        };
    }

    private static Field<Long> id(AccountKind kind) {
        return switch (kind) {
            case USER -> Users.ID;
            case TOKEN -> Tokens.ID;
        };
    }

    private static Field<Long> column(AccountKind kind) {
        return switch (kind) {
            case USER -> Users.QUOTA;
            case TOKEN -> Tokens.REMAIN_QUOTA;
        };
    }
}
