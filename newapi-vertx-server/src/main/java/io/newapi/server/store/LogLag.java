package io.newapi.server.store;

import io.newapi.server.store.LedgerTables.LogPositions;
import io.newapi.server.store.LedgerTables.Writers;
import java.util.Map;
import org.jooq.DSLContext;

/** Whether log rows in a database of their own and charges that were read beside them tell of the same calls. */
final class LogLag {

    private LogLag() {}

    /** Up to where the journals of the writers whose rows are apart are booked at one moment. */
    static Map<String, Long> charged(DSLContext context) {
        return context.select(Writers.WRITER_ID, Writers.APPLIED_POS)
                .from(Writers.TABLE)
                .where(Writers.ROWS_APART.eq(ConsumeLogs.Rows.APART.code()))
                .fetchMap(Writers.WRITER_ID, Writers.APPLIED_POS);
    }

    /** Up to where the journals of writers are stored as log rows at one moment. */
    static Map<String, Long> stored(DSLContext context) {
        return context.select(LogPositions.WRITER_ID, LogPositions.APPLIED_POS)
                .from(LogPositions.TABLE)
                .fetchMap(LogPositions.WRITER_ID, LogPositions.APPLIED_POS);
    }

    /** Whether all that was charged has its rows. */
    static boolean allStored(Map<String, Long> charged, Map<String, Long> stored) {
        return isCovered(charged, stored);
    }

    /** Whether all that has its rows was charged. */
    static boolean allCharged(Map<String, Long> stored, Map<String, Long> charged) {
        return isCovered(stored, charged);
    }

    private static boolean isCovered(Map<String, Long> positions, Map<String, Long> by) {
        return positions.entrySet().stream()
                .allMatch(position -> position.getValue() <= by.getOrDefault(position.getKey(), 0L));
    }
}
