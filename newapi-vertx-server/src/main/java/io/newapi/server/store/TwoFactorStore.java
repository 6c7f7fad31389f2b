package io.newapi.server.store;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.BOOLEAN;
import static org.jooq.impl.SQLDataType.CLOB;

import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** The table {@code two_fas}: who has switched on a second factor. Its secret is never read here. */
public final class TwoFactorStore {

    private static final Table<Record> TABLE = table(name("two_fas"));
    private static final Field<Long> USER_ID = field(name("user_id"), BIGINT);
    private static final Field<Boolean> ENABLED = field(name("is_enabled"), BOOLEAN);
    private static final Field<String> DELETED_AT = field(name("deleted_at"), CLOB);

    private static final Table<Record> BACKUP_CODES = table(name("two_fa_backup_codes"));
    private static final Field<Boolean> USED = field(name("is_used"), BOOLEAN);
    private static final List<Table<Record>> OF_USERS =
            List.of(TABLE, BACKUP_CODES, table(name("passkey_credentials")));

    private final Database database;

    /** Second factors in {@code database}. */
    public TwoFactorStore(Database database) {
        this.database = database;
    }

    /** How many of the user's backup codes were not used yet. */
    public int backupCodes(long userId) {
        return database.read(context -> context.fetchCount(
                BACKUP_CODES,
                USER_ID.eq(userId).and(DELETED_AT.isNull()).and(USED.isNull().or(USED.isFalse()))));
    }

    /** Removes every second factor of a user. */
    static void remove(DSLContext context, long userId) {
        OF_USERS.forEach(
                table -> context.deleteFrom(table).where(USER_ID.eq(userId)).execute());
    }

    /** Whether the user has switched on a second factor, so that a password alone is not enough. */
    public boolean enabledFor(long userId) {
        return database.read(context -> context.fetchExists(context.selectOne()
                .from(TABLE)
                .where(USER_ID.eq(userId).and(ENABLED.isTrue()).and(DELETED_AT.isNull()))));
    }
}
