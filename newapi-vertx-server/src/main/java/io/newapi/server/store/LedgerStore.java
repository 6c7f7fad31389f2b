package io.newapi.server.store;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.sum;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import io.newapi.core.quota.WriterId;
import io.newapi.server.store.LedgerTables.Suspense;
import io.newapi.server.store.LedgerTables.Writers;
import io.newapi.server.store.Tables.Leases;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** What the tables of the ledger tell people. Reads only; thread-safe. */
public final class LedgerStore {

    private static final int MAX_WRITERS = 500;

    /** For how long a writer that was closed is still shown. */
    private static final Duration LATELY = Duration.ofDays(1);

    private final Database database;

    /** The ledger of {@code database}. */
    public LedgerStore(Database database) {
        this.database = database;
    }

    /**
     * One run of a node.
     *
     * @param place where its journal is
     * @param exchangeNo grows with each of its exchanges
     * @param appliedPosition everything before it in its journal is booked
     * @param heldByUsers quota units of users' balances that it holds
     * @param heldByTokens quota units of tokens' limits that it holds
     * @param leases of how many accounts it holds some
     * @param closedAt null while it is not closed
     */
    public record WriterRow(
            WriterId writer,
            String nodeName,
            String place,
            WriterState state,
            long exchangeNo,
            long appliedPosition,
            long heldByUsers,
            long heldByTokens,
            int leases,
            Instant startedAt,
            @Nullable Instant closedAt) {}

    private record Held(long units, int leases) {
        private static final Held NOTHING = new Held(0, 0);
    }

    /** The writers that have not ended, or ended less than a day before {@code now}; the open ones first, then the
     * newest, at most 500. */
    public List<WriterRow> writers(Instant now) {
        return database.read(context -> {
            Map<String, Held> users = held(context, Account.Kind.USER);
            Map<String, Held> tokens = held(context, Account.Kind.TOKEN);
            return context.select(
                            Writers.WRITER_ID,
                            Writers.NODE_NAME,
                            Writers.PLACE,
                            Writers.STATE,
                            Writers.EXCHANGE_NO,
                            Writers.APPLIED_POS,
                            Writers.STARTED_AT,
                            Writers.CLOSED_AT)
                    .from(Writers.TABLE)
                    .where(Writers.STATE.lt(WriterStates.code(WriterState.CLOSED)))
                    .or(Writers.CLOSED_AT.ge(now.minus(LATELY).getEpochSecond()))
                    .orderBy(Writers.STATE, Writers.STARTED_AT.desc(), Writers.WRITER_ID)
                    .limit(MAX_WRITERS)
                    .fetch(row -> {
                        Held ofUsers = users.getOrDefault(row.value1(), Held.NOTHING);
                        Held ofTokens = tokens.getOrDefault(row.value1(), Held.NOTHING);
                        return new WriterRow(
                                new WriterId(row.value1()),
                                row.value2(),
                                row.value3(),
                                WriterStates.fromCode(row.value4()),
                                row.value5(),
                                row.value6(),
                                ofUsers.units(),
                                ofTokens.units(),
                                ofUsers.leases() + ofTokens.leases(),
                                Instant.ofEpochSecond(row.value7()),
                                row.value8() == 0 ? null : Instant.ofEpochSecond(row.value8()));
                    });
        });
    }

    private static Map<String, Held> held(DSLContext context, Account.Kind kind) {
        Map<String, Held> held = new HashMap<>();
        context.select(Leases.WRITER_ID, sum(Leases.HELD), count())
                .from(Leases.TABLE)
                .where(Leases.KIND.eq(kind.code()))
                .groupBy(Leases.WRITER_ID)
                .forEach(row -> {
                    BigDecimal units = row.value2();
                    held.put(row.value1(), new Held(units == null ? 0 : units.longValueExact(), row.value3()));
                });
        return held;
    }

    /** How many amounts could not be booked where they belong; normally none. */
    public int suspended() {
        return database.read(
                context -> context.select(count()).from(Suspense.TABLE).fetchSingle(0, Integer.class));
    }
}
