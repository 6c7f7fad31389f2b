package io.newapi.server.store;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INTEGER;

import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** The tables that only the ledger's transactions write. */
final class LedgerTables {

    private LedgerTables() {}

    static final class Writers {
        static final Table<Record> TABLE = table(name("newapi_ledger_writers"));
        static final Field<String> WRITER_ID = field(name("writer_id"), CLOB);
        static final Field<String> NODE_NAME = field(name("node_name"), CLOB);
        static final Field<String> PLACE = field(name("place"), CLOB);
        static final Field<Integer> STATE = field(name("state"), INTEGER);
        static final Field<Long> EXCHANGE_NO = field(name("exchange_no"), BIGINT);
        static final Field<Long> APPLIED_POS = field(name("applied_pos"), BIGINT);
        static final Field<Long> RESYNC_NO = field(name("resync_no"), BIGINT);
        static final Field<Long> STARTED_AT = field(name("started_at"), BIGINT);
        static final Field<Long> CLOSED_AT = field(name("closed_at"), BIGINT);

        /** A code of {@link ConsumeLogs.Rows}. */
        static final Field<Integer> ROWS_APART = field(name("rows_apart"), INTEGER);

        private Writers() {}
    }

    static final class Suspense {
        static final Table<Record> TABLE = table(name("newapi_ledger_suspense"));
        static final Field<Long> ID = field(name("id"), BIGINT);
        static final Field<String> WRITER_ID = field(name("writer_id"), CLOB);
        static final Field<Integer> KIND = field(name("kind"), INTEGER);
        static final Field<Long> ACCOUNT_ID = field(name("account_id"), BIGINT);
        static final Field<Long> AMOUNT = field(name("amount"), BIGINT);
        static final Field<String> REASON = field(name("reason"), CLOB);
        static final Field<Long> CREATED_AT = field(name("created_at"), BIGINT);

        private Suspense() {}
    }

    static final class Books {
        static final Table<Record> TABLE = table(name("newapi_books"));
        static final Field<Integer> KIND = field(name("newapi_books", "kind"), INTEGER);
        static final Field<Long> ACCOUNT_ID = field(name("newapi_books", "account_id"), BIGINT);
        static final Field<Long> OPENED = field(name("newapi_books", "opened"), BIGINT);
        static final Field<Long> UNLOGGED = field(name("newapi_books", "unlogged"), BIGINT);
        static final Field<Long> UNCOUNTED = field(name("newapi_books", "uncounted"), BIGINT);
        static final Field<Long> OPENED_AT = field(name("newapi_books", "opened_at"), BIGINT);
        static final Field<Long> CLEAN_AT = field(name("newapi_books", "clean_at"), BIGINT);

        private Books() {}
    }

    static final class LogPositions {
        static final Table<Record> TABLE = table(name("newapi_log_positions"));
        static final Field<String> WRITER_ID = field(name("writer_id"), CLOB);
        static final Field<Long> APPLIED_POS = field(name("applied_pos"), BIGINT);

        private LogPositions() {}
    }

    static final class RemovedLogs {
        static final Table<Record> TABLE = table(name("newapi_removed_logs"));
        static final Field<Integer> KIND = field(name("newapi_removed_logs", "kind"), INTEGER);
        static final Field<Long> ACCOUNT_ID = field(name("newapi_removed_logs", "account_id"), BIGINT);
        static final Field<Long> UNITS = field(name("newapi_removed_logs", "units"), BIGINT);

        private RemovedLogs() {}
    }

    static final class QuotaData {
        static final Table<Record> TABLE = table(name("quota_data"));
        static final Field<Long> ID = field(name("id"), BIGINT);
        static final Field<Long> USER_ID = field(name("user_id"), BIGINT);
        static final Field<String> USERNAME = field(name("username"), CLOB);
        static final Field<String> MODEL_NAME = field(name("model_name"), CLOB);
        static final Field<Long> CREATED_AT = field(name("created_at"), BIGINT);
        static final Field<Long> TOKEN_USED = field(name("token_used"), BIGINT);
        static final Field<Long> COUNT = field(name("count"), BIGINT);
        static final Field<Long> QUOTA = field(name("quota"), BIGINT);

        private QuotaData() {}
    }
}
