package io.newapi.server.store;

import java.math.BigDecimal;
import org.jooq.Field;
import org.jooq.Record;

/** Reads columns of a row in which the original may have left a NULL. */
final class Nulls {

    private Nulls() {}

    static long number(Record row, Field<Long> column) {
        Long value = row.get(column);
        return value == null ? 0 : value;
    }

    static int code(Record row, Field<Integer> column) {
        Integer value = row.get(column);
        return value == null ? 0 : value;
    }

    static int code(Record row, Field<Integer> column, int whenNull) {
        Integer value = row.get(column);
        return value == null ? whenNull : value;
    }

    static String text(Record row, Field<String> column) {
        String value = row.get(column);
        return value == null ? "" : value;
    }

    static boolean flag(Record row, Field<Boolean> column) {
        Boolean value = row.get(column);
        return value != null && value;
    }

    static BigDecimal decimal(Record row, Field<BigDecimal> column) {
        BigDecimal value = row.get(column);
        return value == null ? BigDecimal.ZERO : value;
    }
}
