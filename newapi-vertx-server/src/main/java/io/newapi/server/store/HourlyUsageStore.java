package io.newapi.server.store;

import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.sum;

import io.newapi.server.store.LedgerTables.QuotaData;
import java.math.BigDecimal;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;

/** The table {@code quota_data}: usage by hour and model. Older databases hold several rows of one hour; readers see their sum. */
public final class HourlyUsageStore {

    /** The most rows that are returned. */
    public static final int MAX_ROWS = 20_000;

    private static final Field<Long> TOKENS = total(QuotaData.TOKEN_USED, "tokens_total");
    private static final Field<Long> COUNT = total(QuotaData.COUNT, "count_total");
    private static final Field<Long> QUOTA = total(QuotaData.QUOTA, "quota_total");

    private final Database database;

    /** Hourly usage in {@code database}. */
    public HourlyUsageStore(Database database) {
        this.database = database;
    }

    /** Usage of all users together, by model and hour; times are Unix seconds, both inclusive. */
    public List<HourlyUsageRow> summed(long from, long to) {
        return database.read(context -> context.select(QuotaData.MODEL_NAME, QuotaData.CREATED_AT, TOKENS, COUNT, QUOTA)
                .from(QuotaData.TABLE)
                .where(between(from, to))
                .groupBy(QuotaData.MODEL_NAME, QuotaData.CREATED_AT)
                .orderBy(QuotaData.CREATED_AT, QuotaData.MODEL_NAME)
                .limit(MAX_ROWS)
                .fetch(row -> row(row, 0, "")));
    }

    /** Usage of one user. */
    public List<HourlyUsageRow> ofUser(long userId, long from, long to) {
        return byUser(QuotaData.USER_ID.eq(userId).and(between(from, to)));
    }

    /** Usage under one user name, whoever had it. */
    public List<HourlyUsageRow> ofUsername(String username, long from, long to) {
        return byUser(QuotaData.USERNAME.eq(username).and(between(from, to)));
    }

    private List<HourlyUsageRow> byUser(Condition condition) {
        return database.read(context -> context.select(
                        QuotaData.USER_ID,
                        QuotaData.USERNAME,
                        QuotaData.MODEL_NAME,
                        QuotaData.CREATED_AT,
                        TOKENS,
                        COUNT,
                        QUOTA)
                .from(QuotaData.TABLE)
                .where(condition)
                .groupBy(QuotaData.USER_ID, QuotaData.USERNAME, QuotaData.MODEL_NAME, QuotaData.CREATED_AT)
                .orderBy(QuotaData.CREATED_AT, QuotaData.MODEL_NAME)
                .limit(MAX_ROWS)
                .fetch(row -> row(row, number(row, QuotaData.USER_ID), text(row, QuotaData.USERNAME))));
    }

    private static Condition between(long from, long to) {
        return QuotaData.CREATED_AT.between(from, to);
    }

    private static Field<Long> total(Field<Long> column, String alias) {
        return coalesce(sum(column), inline(BigDecimal.ZERO))
                .coerce(SQLDataType.BIGINT)
                .as(alias);
    }

    private static HourlyUsageRow row(Record row, long userId, String username) {
        return new HourlyUsageRow(
                userId,
                username,
                text(row, QuotaData.MODEL_NAME),
                number(row, QuotaData.CREATED_AT),
                number(row, TOKENS),
                number(row, COUNT),
                number(row, QUOTA));
    }
}
