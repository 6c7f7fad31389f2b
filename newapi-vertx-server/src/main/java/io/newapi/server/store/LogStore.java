package io.newapi.server.store;

import static io.newapi.server.store.Nulls.code;
import static io.newapi.server.store.Nulls.flag;
import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;

import io.newapi.server.store.Tables.Logs;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertSetMoreStep;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table {@code logs}. */
public final class LogStore {

    private static final Logger LOG = LoggerFactory.getLogger(LogStore.class);

    /** Rows that one statement removes, so that a clean-up never keeps the file locked for long. */
    public static final int DELETE_BATCH = 100;

    /** The most rows of one token that are returned. */
    public static final int MAX_BY_TOKEN = 1000;

    /** Rows beyond this are not counted: the total of a list stops here. */
    public static final int MAX_COUNT = 100_000;

    /** The most rows that a search finds. */
    public static final int MAX_FOUND = 100;

    private static final int RATE_SECONDS = 60;

    private static final List<Field<?>> COLUMNS = List.of(
            Logs.ID,
            Logs.USER_ID,
            Logs.CREATED_AT,
            Logs.TYPE,
            Logs.CONTENT,
            Logs.USERNAME,
            Logs.TOKEN_NAME,
            Logs.MODEL_NAME,
            Logs.QUOTA,
            Logs.PROMPT_TOKENS,
            Logs.COMPLETION_TOKENS,
            Logs.USE_TIME,
            Logs.IS_STREAM,
            Logs.CHANNEL_ID,
            Logs.TOKEN_ID,
            Logs.GROUP,
            Logs.IP,
            Logs.OTHER,
            Logs.REQUEST_ID,
            Logs.UPSTREAM_REQUEST_ID);

    private final Database database;
    private final Database main;
    private final InstantSource clock;

    /**
     * Logs of {@code database}.
     *
     * @param main the database of everything else; the same, unless logs have one of their own
     */
    public LogStore(Database database, Database main, InstantSource clock) {
        this.database = database;
        this.main = main;
        this.clock = clock;
    }

    /** Rows, the newest first. The total counts at most {@link #MAX_COUNT} rows. */
    public Page<LogRow> page(LogFilter filter, PageRequest request) {
        Condition condition = condition(filter);
        return database.read(context -> new Page<>(
                context.select(COLUMNS)
                        .from(Logs.TABLE)
                        .where(condition)
                        .orderBy(Logs.ID.desc())
                        .limit(request.size())
                        .offset(request.offset())
                        .fetch(LogStore::row),
                counted(context, condition),
                request));
    }

    /** Not {@code fetchCount} of a query: the names that it gives to its columns MariaDB does not read. */
    private static long counted(DSLContext context, Condition condition) {
        return context.selectCount()
                .from(select(Logs.ID)
                        .from(Logs.TABLE)
                        .where(condition)
                        .limit(MAX_COUNT)
                        .asTable("counted"))
                .fetchSingle()
                .value1();
    }

    /** One user's rows, the newest first, whatever user the filter names. */
    public Page<LogRow> selfPage(long userId, LogFilter filter, PageRequest request) {
        return page(filter.ofUser(userId), request);
    }

    /**
     * The newest rows, at most {@link #MAX_FOUND}, whose type is the keyword or whose text begins with it. Only the newest
     * {@link #MAX_COUNT} rows are looked at: no index helps with the text.
     */
    public List<LogRow> search(String keyword) {
        return database.read(context -> {
            Long newest =
                    context.select(max(Logs.ID)).from(Logs.TABLE).fetchSingle().value1();
            Condition matches = type(keyword);
            if (!keyword.isEmpty()) {
                matches = matches.or(Like.startsWith(Logs.CONTENT, keyword));
            }
            return newest == null
                    ? List.of()
                    : found(context, Logs.ID.gt(newest - MAX_COUNT).and(matches));
        });
    }

    /** The user's newest rows, at most {@link #MAX_FOUND}, whose type is the keyword. */
    public List<LogRow> searchOwn(long userId, String keyword) {
        return database.read(context -> found(context, Logs.USER_ID.eq(userId).and(type(keyword))));
    }

    private static Condition type(String keyword) {
        return Numbers.parse(keyword)
                .filter(number -> number >= 0 && number <= Integer.MAX_VALUE)
                .map(number -> Logs.TYPE.eq(number.intValue()))
                .orElseGet(DSL::falseCondition);
    }

    private static List<LogRow> found(DSLContext context, Condition condition) {
        return context.select(COLUMNS)
                .from(Logs.TABLE)
                .where(condition)
                .orderBy(Logs.ID.desc())
                .limit(MAX_FOUND)
                .fetch(LogStore::row);
    }

    /** Sums over charged calls; the filter's type is not looked at. */
    public LogStat stat(LogFilter filter) {
        Condition charged = condition(filter.ofType(LogType.CONSUME));
        long minuteAgo = clock.instant().getEpochSecond() - RATE_SECONDS;
        Condition recent = condition(filter.ofType(LogType.CONSUME).between(minuteAgo, 0));
        return database.read(context -> {
            Record lately = context.select(count(), total(Logs.PROMPT_TOKENS), total(Logs.COMPLETION_TOKENS))
                    .from(Logs.TABLE)
                    .where(recent)
                    .fetchSingle();
            return new LogStat(
                    context.select(total(Logs.QUOTA))
                            .from(Logs.TABLE)
                            .where(charged)
                            .fetchSingle()
                            .value1(),
                    lately.get(0, Long.class),
                    lately.get(1, Long.class) + lately.get(2, Long.class));
        });
    }

    /** The newest rows of a token. */
    public List<LogRow> byToken(long tokenId, int limit) {
        return database.read(context -> context.select(COLUMNS)
                .from(Logs.TABLE)
                .where(Logs.TOKEN_ID.eq(tokenId))
                .orderBy(Logs.ID.desc())
                .limit(Math.max(1, Math.min(limit, MAX_BY_TOKEN)))
                .fetch(LogStore::row));
    }

    /**
     * Removes some of the rows that are older than a time, each call in a transaction of its own.
     *
     * @param before Unix seconds, exclusive
     * @return how many; less than {@link #DELETE_BATCH} when no more are left
     */
    public int deleteBatch(long before) {
        return database.write(context -> {
            var rows = Dialect.locked(
                            context,
                            context.select(Logs.ID, Logs.TYPE, Logs.QUOTA, Logs.USER_ID, Logs.TOKEN_ID, Logs.CHANNEL_ID)
                                    .from(Logs.TABLE)
                                    .where(Logs.CREATED_AT.lt(before))
                                    .limit(DELETE_BATCH))
                    .fetch();
            for (BookKind kind : BookKind.values()) {
                charged(kind, rows).forEach((id, units) -> LogSums.removed(context, kind, id, units));
            }
            return context.deleteFrom(Logs.TABLE)
                    .where(Logs.ID.in(rows.getValues(Logs.ID)))
                    .execute();
        });
    }

    /** The charges remain, though no row tells of them any more. */
    private static Map<Long, Long> charged(BookKind kind, List<? extends Record> rows) {
        Field<Long> account = LogSums.account(kind);
        return rows.stream()
                .filter(row -> code(row, Logs.TYPE) == LogType.CONSUME.code())
                .collect(Collectors.toMap(
                        row -> number(row, account), row -> number(row, Logs.QUOTA), Math::addExact, TreeMap::new));
    }

    /** Removes all rows that are older than a time (Unix seconds, exclusive), batch by batch; how many it were. */
    public long deleteOlderThan(long before) {
        long deleted = 0;
        for (int batch = DELETE_BATCH; batch == DELETE_BATCH; ) {
            batch = deleteBatch(before);
            deleted += batch;
        }
        return deleted;
    }

    /**
     * Adds a row; its id is made here, and a time of 0 becomes now. The row is a part of the transaction that is open on
     * the main database. If logs have a database of their own, it is written when that is committed, and lost, with a line
     * in the node's own log, if the database of logs cannot take it then.
     */
    public void append(LogRow row) {
        if (database == main) {
            write(row);
        } else {
            main.afterCommit(() -> writeOrReport(row));
        }
    }

    private void write(LogRow row) {
        database.write(context ->
                insert(context, row, clock.instant().getEpochSecond()).execute());
    }

    private void writeOrReport(LogRow row) {
        try {
            write(row);
        } catch (DatabaseException e) {
            LOG.error("a log row of user {} is lost ({}): {}", row.userId(), e.getMessage(), row.content());
        }
    }

    /** Adds rows, all or none. */
    public void append(List<LogRow> rows) {
        long now = clock.instant().getEpochSecond();
        database.write(context -> context.batch(
                        rows.stream().map(row -> insert(context, row, now)).toList())
                .execute());
    }

    private static InsertSetMoreStep<Record> insert(DSLContext context, LogRow row, long now) {
        return context.insertInto(Logs.TABLE)
                .set(Logs.USER_ID, row.userId())
                .set(Logs.CREATED_AT, row.createdAt() == 0 ? now : row.createdAt())
                .set(Logs.TYPE, row.type())
                .set(Logs.CONTENT, row.content())
                .set(Logs.USERNAME, row.username())
                .set(Logs.TOKEN_NAME, row.tokenName())
                .set(Logs.MODEL_NAME, row.modelName())
                .set(Logs.QUOTA, row.quota())
                .set(Logs.PROMPT_TOKENS, row.promptTokens())
                .set(Logs.COMPLETION_TOKENS, row.completionTokens())
                .set(Logs.USE_TIME, row.useTime())
                .set(Logs.IS_STREAM, row.stream())
                .set(Logs.CHANNEL_ID, row.channelId())
                .set(Logs.TOKEN_ID, row.tokenId())
                .set(Logs.GROUP, row.group())
                .set(Logs.IP, row.ip())
                .set(Logs.OTHER, row.other())
                .set(Logs.REQUEST_ID, row.requestId())
                .set(Logs.UPSTREAM_REQUEST_ID, row.upstreamRequestId());
    }

    private static Field<Long> total(Field<Long> column) {
        return coalesce(sum(column), inline(BigDecimal.ZERO)).coerce(SQLDataType.BIGINT);
    }

    private static Condition condition(LogFilter filter) {
        Condition condition = noCondition();
        condition = filter.userId() == 0 ? condition : condition.and(Logs.USER_ID.eq(filter.userId()));
        condition = filter.type() == 0 ? condition : condition.and(Logs.TYPE.eq(filter.type()));
        condition = filter.from() == 0 ? condition : condition.and(Logs.CREATED_AT.ge(filter.from()));
        condition = filter.to() == 0 ? condition : condition.and(Logs.CREATED_AT.le(filter.to()));
        condition = filter.username().isEmpty() ? condition : condition.and(Logs.USERNAME.eq(filter.username()));
        condition = filter.tokenName().isEmpty() ? condition : condition.and(Logs.TOKEN_NAME.eq(filter.tokenName()));
        condition = filter.modelName().isEmpty()
                ? condition
                : condition.and(Like.pattern(Logs.MODEL_NAME, filter.modelName()));
        condition = filter.channelId() == 0 ? condition : condition.and(Logs.CHANNEL_ID.eq(filter.channelId()));
        return filter.group().isEmpty() ? condition : condition.and(Logs.GROUP.eq(filter.group()));
    }

    private static LogRow row(Record row) {
        return new LogRow(
                number(row, Logs.ID),
                number(row, Logs.USER_ID),
                number(row, Logs.CREATED_AT),
                code(row, Logs.TYPE),
                text(row, Logs.CONTENT),
                text(row, Logs.USERNAME),
                text(row, Logs.TOKEN_NAME),
                text(row, Logs.MODEL_NAME),
                number(row, Logs.QUOTA),
                number(row, Logs.PROMPT_TOKENS),
                number(row, Logs.COMPLETION_TOKENS),
                number(row, Logs.USE_TIME),
                flag(row, Logs.IS_STREAM),
                number(row, Logs.CHANNEL_ID),
                number(row, Logs.TOKEN_ID),
                text(row, Logs.GROUP),
                text(row, Logs.IP),
                text(row, Logs.OTHER),
                text(row, Logs.REQUEST_ID),
                text(row, Logs.UPSTREAM_REQUEST_ID));
    }
}
