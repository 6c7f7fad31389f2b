package io.newapi.server.store;

import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * What becomes of a statement whose value does not fit into its column, which foreign databases have made narrower than
 * this version's. A transaction is tried strictly, where the first error of any kind ends it; only when it has met a
 * misfit is it run again, and then leaves out what does not fit.
 */
enum Misfits {
    /** The transaction ends. */
    END_IT,
    /** The statement alone has no effect; the transaction goes on. */
    LEAVE_OUT;

    /**
     * Runs a statement; whether it had its effect.
     *
     * @throws DataAccessException if it failed for another reason, or misfits are not to be left out
     */
    boolean fits(DSLContext context, Runnable statement) {
        if (this == END_IT) {
            statement.run();
            return true;
        }
        try {
            Dialect.runUndoable(context, statement);
            return true;
        } catch (DataAccessException e) {
            if (DatabaseException.reasonOf(e) != DatabaseException.Reason.MISFIT) {
                throw e;
            }
            return false;
        }
    }
}
