package io.newapi.server.store;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;

import io.newapi.core.quota.JournalEntry;
import io.newapi.core.quota.Settlement;
import io.newapi.server.log.ConsumeLogEntry;
import io.newapi.server.store.LedgerTables.QuotaData;
import io.newapi.server.store.Tables.Logs;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the log rows and the hourly figures of what was booked, in the transaction that books it. */
final class ConsumeLogs {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumeLogs.class);
    private static final int CONSUME = 2;
    private static final long HOUR_SECONDS = 3600;
    private static final int MAX_HOURLY_NAME_CHARS = 64;

    /** What one hourly row is about. */
    private record Hour(long userId, String username, String model, long startSeconds) implements Comparable<Hour> {
        @Override
        public int compareTo(Hour other) {
            return Comparator.comparingLong(Hour::userId)
                    .thenComparing(Hour::username)
                    .thenComparing(Hour::model)
                    .thenComparingLong(Hour::startSeconds)
                    .compare(this, other);
        }
    }

    /** The figures of an hourly row. */
    private record Figures(long tokens, long count, long quota) {
        private Figures plus(Figures more) {
            return new Figures(
                    Math.addExact(tokens, more.tokens),
                    Math.addExact(count, more.count),
                    Math.addExact(quota, more.quota));
        }
    }

    private final DSLContext context;

    ConsumeLogs(DSLContext context) {
        this.context = context;
    }

    void write(List<JournalEntry> booked) {
        Map<Hour, Figures> hours = new TreeMap<>();
        for (JournalEntry entry : booked) {
            ConsumeLogEntry log = entry.settlement().detail().isEmpty()
                    ? null
                    : read(entry.settlement()).orElse(null);
            if (log == null || !log.written()) {
                withoutRow(entry);
                continue;
            }
            insert(log);
            if (log.counted()) {
                hours.merge(
                        hour(log),
                        new Figures(Math.addExact(log.promptTokens(), log.completionTokens()), 1, log.quota()),
                        Figures::plus);
            } else {
                BookStore.uncounted(context, entry.payer().userId(), entry.units());
            }
        }
        hours.forEach(this::add);
    }

    /** The books know that a charge is told of by no row. */
    private void withoutRow(JournalEntry entry) {
        BookStore.unlogged(context, BookKind.USER, entry.payer().userId(), entry.units());
        BookStore.unlogged(context, BookKind.TOKEN, entry.payer().tokenId(), entry.units());
        BookStore.unlogged(context, BookKind.CHANNEL, entry.settlement().channelId(), entry.units());
        BookStore.uncounted(context, entry.payer().userId(), entry.units());
    }

    /** A row that nobody can read is given up: it must not hold up the charges of everybody. */
    private static Optional<ConsumeLogEntry> read(Settlement settlement) {
        try {
            return Optional.of(ConsumeLogEntry.fromJson(settlement.detail()));
        } catch (IllegalArgumentException e) {
            LOG.error("the log row of request {} is lost, its charge is booked", settlement.requestId(), e);
            return Optional.empty();
        }
    }

    private void insert(ConsumeLogEntry log) {
        context.insertInto(Logs.TABLE)
                .set(Logs.USER_ID, log.userId())
                .set(Logs.CREATED_AT, log.createdAt())
                .set(Logs.TYPE, CONSUME)
                .set(Logs.CONTENT, log.content())
                .set(Logs.USERNAME, log.username())
                .set(Logs.TOKEN_NAME, log.tokenName())
                .set(Logs.MODEL_NAME, log.modelName())
                .set(Logs.QUOTA, log.quota())
                .set(Logs.PROMPT_TOKENS, log.promptTokens())
                .set(Logs.COMPLETION_TOKENS, log.completionTokens())
                .set(Logs.USE_TIME, log.useTimeSeconds())
                .set(Logs.IS_STREAM, log.stream())
                .set(Logs.CHANNEL_ID, log.channelId())
                .set(Logs.TOKEN_ID, log.tokenId())
                .set(Logs.GROUP, log.group())
                .set(Logs.IP, log.address())
                .set(Logs.OTHER, log.other())
                .set(Logs.REQUEST_ID, log.requestId())
                .set(Logs.UPSTREAM_REQUEST_ID, log.upstreamRequestId())
                .execute();
    }

    private static Hour hour(ConsumeLogEntry log) {
        return new Hour(
                log.userId(),
                cut(log.username()),
                cut(log.modelName()),
                log.createdAt() - Math.floorMod(log.createdAt(), HOUR_SECONDS));
    }

    private static String cut(String name) {
        return name.length() <= MAX_HOURLY_NAME_CHARS ? name : name.substring(0, MAX_HOURLY_NAME_CHARS);
    }

    /** One row per hour: the lowest, where an older program left several. */
    private void add(Hour hour, Figures figures) {
        Long id = context.select(QuotaData.ID)
                .from(QuotaData.TABLE)
                .where(QuotaData.USER_ID.eq(hour.userId()))
                .and(QuotaData.USERNAME.eq(hour.username()))
                .and(QuotaData.MODEL_NAME.eq(hour.model()))
                .and(QuotaData.CREATED_AT.eq(hour.startSeconds()))
                .orderBy(QuotaData.ID)
                .limit(1)
                .fetchOne(QuotaData.ID);
        if (id == null) {
            context.insertInto(QuotaData.TABLE)
                    .set(QuotaData.USER_ID, hour.userId())
                    .set(QuotaData.USERNAME, hour.username())
                    .set(QuotaData.MODEL_NAME, hour.model())
                    .set(QuotaData.CREATED_AT, hour.startSeconds())
                    .set(QuotaData.TOKEN_USED, figures.tokens())
                    .set(QuotaData.COUNT, figures.count())
                    .set(QuotaData.QUOTA, figures.quota())
                    .execute();
        } else {
            context.update(QuotaData.TABLE)
                    .set(
                            QuotaData.TOKEN_USED,
                            coalesce(QuotaData.TOKEN_USED, inline(0L)).plus(figures.tokens()))
                    .set(QuotaData.COUNT, coalesce(QuotaData.COUNT, inline(0L)).plus(figures.count()))
                    .set(QuotaData.QUOTA, coalesce(QuotaData.QUOTA, inline(0L)).plus(figures.quota()))
                    .where(QuotaData.ID.eq(id))
                    .execute();
        }
    }
}
