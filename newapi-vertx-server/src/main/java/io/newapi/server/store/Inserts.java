package io.newapi.server.store;

import java.math.BigInteger;
import java.util.OptionalLong;
import org.jooq.DSLContext;
import org.jooq.Query;

/** Inserts whose new id is wanted. */
final class Inserts {

    private Inserts() {}

    /**
     * The id of the row that {@code insert} adds; empty if a conflict kept it from adding one. The count is asked first:
     * after an insert that did nothing the driver still names the id of the row before.
     */
    static OptionalLong id(DSLContext context, Query insert) {
        if (insert.execute() == 0) {
            return OptionalLong.empty();
        }
        BigInteger id = context.lastID();
        return OptionalLong.of(id.longValueExact());
    }
}
