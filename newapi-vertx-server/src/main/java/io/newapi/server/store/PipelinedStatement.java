package io.newapi.server.store;

import io.newapi.server.store.Conversation.Said;
import io.newapi.server.store.Conversation.Saying;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/**
 * A statement as it is sent over a {@link MySqlLine}, and how its answer is read.
 *
 * @param writing what it was written in
 * @param sql with a question mark for each value
 * @param asked the columns that its rows have; empty if it has no rows
 */
record PipelinedStatement(DSLContext writing, Saying saying, String sql, Tuple values, List<Field<?>> asked) {

    static PipelinedStatement of(DSLContext writing, Saying saying) {
        Query query = saying.query();
        return new PipelinedStatement(
                writing,
                saying,
                query.getSQL(),
                Tuple.wrap(new ArrayList<>(query.getBindValues())),
                query instanceof ResultQuery<?> asking ? List.of(asking.fields()) : List.of());
    }

    /** @throws RuntimeException if a value is not of its column's type */
    Said said(RowSet<Row> rows) {
        if (asked.isEmpty()) {
            return Said.matched(rows.rowCount());
        }
        Result<Record> result = writing.newResult(asked.toArray(Field[]::new));
        for (Row row : rows) {
            Record record = writing.newRecord(asked);
            for (int i = 0; i < asked.size(); i++) {
                set(record, asked.get(i), row.getValue(i));
            }
            result.add(record);
        }
        return Said.rows(result);
    }

    private static <T> void set(Record record, Field<T> field, @Nullable Object value) {
        record.set(field, field.getDataType().convert(value));
    }
}
