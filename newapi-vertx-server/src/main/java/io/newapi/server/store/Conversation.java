package io.newapi.server.store;

import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.exception.DataAccessException;

/**
 * A transaction that may write, spoken in stages: no statement of a stage needs the answer to another, so that a database
 * that is far away can be sent all of them at once. They are executed in their order. The first failure ends the
 * transaction: what was sent behind it is undone with the rest. Not thread-safe.
 */
interface Conversation {

    /** What the statements are written in. It may have no connection: they are said, and never executed by themselves. */
    DSLContext context();

    /**
     * The answers, one for each statement and in their order. Blocks until all are there.
     *
     * @throws DataAccessException if a statement failed; then nothing more may be said
     */
    List<Said> say(List<Saying> stage);

    /**
     * A statement.
     *
     * @param misfits what becomes of it when a value does not fit into its column
     */
    record Saying(Query query, Misfits misfits) {}

    /**
     * What was answered.
     *
     * @param rows of a query; nothing if it was another statement
     * @param matched how many rows a statement has found to change, though it may have left some as they were; 0 for a
     *     query
     * @param fits whether the statement has had its effect, and was not left out because a value does not fit
     */
    record Said(List<? extends Record> rows, int matched, boolean fits) {

        static Said rows(Result<? extends Record> rows) {
            return new Said(rows, 0, true);
        }

        static Said matched(int matched) {
            return new Said(List.of(), matched, true);
        }

        static Said doesNotFit() {
            return new Said(List.of(), 0, false);
        }
    }
}
