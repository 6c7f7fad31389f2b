package io.newapi.server.store;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;

import io.newapi.core.quota.JournalEntry;
import io.newapi.server.log.ConsumeLogEntry;
import io.newapi.server.store.LedgerTables.QuotaData;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the log rows, if they belong here, and the hourly figures of what was booked, in the transaction that books it. */
final class ConsumeLogs {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumeLogs.class);
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

    /** Where the log rows of a writer belong. It is decided when the writer begins, and stands beside it. */
    enum Rows {
        /** In the database of the balances: a row is a part of the transaction that books its charge. */
        WITH_CHARGES(0),
        /** Apart from it: {@link SqlLogFollower} stores them. */
        APART(1);

        private final int code;

        Rows(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Rows fromCode(int code) {
            return code == APART.code ? APART : WITH_CHARGES;
        }
    }

    private final DSLContext context;
    private final Rows rows;
    private final Misfits misfits;

    ConsumeLogs(DSLContext context, Rows rows, Misfits misfits) {
        this.context = context;
        this.rows = rows;
        this.misfits = misfits;
    }

    void write(List<JournalEntry> booked) {
        Map<Hour, Figures> hours = new TreeMap<>();
        for (JournalEntry entry : booked) {
            Optional<ConsumeLogEntry> log = ConsumeLogRows.of(entry);
            if (log.isEmpty() || !write(log.get())) {
                withoutRow(entry);
            }
            if (log.isPresent() && log.get().counted()) {
                hours.merge(hour(log.get()), figures(log.get()), Figures::plus);
            } else {
                BookStore.uncounted(context, entry.payer().userId(), entry.units());
            }
        }
        hours.forEach((hour, figures) -> {
            if (!misfits.fits(context, () -> add(hour, figures))) {
                LOG.error("{} quota units are missing in the hourly figures: a value does not fit", figures.quota());
                BookStore.uncounted(context, hour.userId(), figures.quota());
            }
        });
    }

    private boolean write(ConsumeLogEntry log) {
        return rows == Rows.APART || ConsumeLogRows.insert(context, log, misfits);
    }

    private static Figures figures(ConsumeLogEntry log) {
        return new Figures(Math.addExact(log.promptTokens(), log.completionTokens()), 1, log.quota());
    }

    /** The books know that a charge is told of by no row. */
    private void withoutRow(JournalEntry entry) {
        BookStore.unlogged(context, BookKind.USER, entry.payer().userId(), entry.units());
        BookStore.unlogged(context, BookKind.TOKEN, entry.payer().tokenId(), entry.units());
        BookStore.unlogged(context, BookKind.CHANNEL, entry.settlement().channelId(), entry.units());
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
