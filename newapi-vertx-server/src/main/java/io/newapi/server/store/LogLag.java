package io.newapi.server.store;

import io.newapi.core.quota.QuotaAuthority.WriterState;
import io.newapi.server.store.LedgerTables.LogPositions;
import io.newapi.server.store.LedgerTables.Writers;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jooq.DSLContext;

/** Whether log rows in a database of their own and charges that were read beside them tell of the same calls. */
final class LogLag {

    private LogLag() {}

    /**
     * What is charged at one moment.
     *
     * @param positions up to where the journals of writers are booked
     * @param living writers that have not ended
     */
    record Charged(Map<String, Long> positions, Set<String> living) {
        static final Charged OF_NOBODY = new Charged(Map.of(), Set.of());
    }

    static Charged charged(DSLContext context) {
        Map<String, Long> positions = new HashMap<>();
        Set<String> living = new HashSet<>();
        context.select(Writers.WRITER_ID, Writers.APPLIED_POS, Writers.STATE)
                .from(Writers.TABLE)
                .forEach(row -> {
                    positions.put(row.value1(), row.value2());
                    if (row.value3() != WriterStates.code(WriterState.CLOSED)) {
                        living.add(row.value1());
                    }
                });
        return new Charged(positions, living);
    }

    /** Up to where the journals of writers are stored as log rows at one moment. */
    static Map<String, Long> stored(DSLContext context) {
        return context.select(LogPositions.WRITER_ID, LogPositions.APPLIED_POS)
                .from(LogPositions.TABLE)
                .fetchMap(LogPositions.WRITER_ID, LogPositions.APPLIED_POS);
    }

    /**
     * Whether an account whose charges were the same before and after the rows were read has a row for each of them, and
     * no row of another: all that was charged before was stored, and all that was stored was charged after. Writers that
     * ended without a row in the log database are from the time before it.
     */
    static boolean none(Charged before, Map<String, Long> stored, Charged after) {
        return Stream.concat(before.living().stream(), stored.keySet().stream())
                .distinct()
                .allMatch(writer -> {
                    long rows = stored.getOrDefault(writer, 0L);
                    return before.positions().getOrDefault(writer, 0L) <= rows
                            && rows <= after.positions().getOrDefault(writer, 0L);
                });
    }
}
