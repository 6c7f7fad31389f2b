package io.newapi.server.store;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;

import io.newapi.core.quota.JournalEntry;
import io.newapi.server.log.ConsumeLogEntry;
import io.newapi.server.store.LedgerTables.QuotaData;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.Query;
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

    private final Agenda agenda;
    private final Misfits misfits;
    private final IdentityHashMap<JournalEntry, Optional<ConsumeLogEntry>> read = new IdentityHashMap<>();
    private final Map<Hour, Long> stored = new HashMap<>();

    /** @param entries those that may turn out to be booked */
    ConsumeLogs(Agenda agenda, List<JournalEntry> entries, Misfits misfits) {
        this.agenda = agenda;
        this.misfits = misfits;
        entries.forEach(entry -> read.put(entry, ConsumeLogRows.of(entry)));
    }

    /** Asks for the hourly rows that there are, which nobody else may change any more. */
    void lookUp() {
        new TreeSet<>(read.values().stream()
                        .flatMap(Optional::stream)
                        .filter(ConsumeLogEntry::counted)
                        .map(ConsumeLogs::hour)
                        .toList())
                .forEach(this::lookUp);
    }

    /** Of an hour there is one row: the lowest, where an older program left several. */
    private void lookUp(Hour hour) {
        agenda.ask(
                agenda.context()
                        .select(QuotaData.ID)
                        .from(QuotaData.TABLE)
                        .where(QuotaData.USER_ID.eq(hour.userId()))
                        .and(QuotaData.USERNAME.eq(hour.username()))
                        .and(QuotaData.MODEL_NAME.eq(hour.model()))
                        .and(QuotaData.CREATED_AT.eq(hour.startSeconds()))
                        .orderBy(QuotaData.ID)
                        .limit(1),
                ids -> ids.forEach(id -> stored.put(hour, id.value1())));
    }

    /** Writes what belongs to the entries that are booked. */
    void write(List<JournalEntry> booked, Rows rows) {
        SortedMap<Hour, Figures> hours = new TreeMap<>();
        Unbooked missing = new Unbooked(agenda);
        for (JournalEntry entry : booked) {
            Optional<ConsumeLogEntry> log = read.getOrDefault(entry, Optional.empty());
            if (log.isEmpty()) {
                missing.row(entry);
            } else if (rows == Rows.WITH_CHARGES) {
                write(entry, log.get());
            }
            if (log.isPresent() && log.get().counted()) {
                hours.merge(hour(log.get()), figures(log.get()), Figures::plus);
            } else {
                missing.count(entry.payer().userId(), entry.units());
            }
        }
        hours.forEach(this::write);
        missing.write();
    }

    private void write(JournalEntry entry, ConsumeLogEntry log) {
        agenda.add(ConsumeLogRows.insert(agenda.context(), log), misfits, () -> {
            ConsumeLogRows.lost(log);
            Unbooked missing = new Unbooked(agenda);
            missing.row(entry);
            missing.write();
        });
    }

    private void write(Hour hour, Figures figures) {
        agenda.add(add(hour, figures), misfits, () -> {
            LOG.error("{} quota units are missing in the hourly figures: a value does not fit", figures.quota());
            BookStore.uncounted(agenda, hour.userId(), figures.quota());
        });
    }

    /** What the books are told: that a charge is told of by no row, or is not in the hourly figures. */
    private static final class Unbooked {
        private final Agenda agenda;
        private final Map<BookKind, SortedMap<Long, Long>> rows = new EnumMap<>(BookKind.class);
        private final SortedMap<Long, Long> counts = new TreeMap<>();

        private Unbooked(Agenda agenda) {
            this.agenda = agenda;
        }

        private void row(JournalEntry entry) {
            row(BookKind.USER, entry.payer().userId(), entry.units());
            row(BookKind.TOKEN, entry.payer().tokenId(), entry.units());
            row(BookKind.CHANNEL, entry.settlement().channelId(), entry.units());
        }

        private void row(BookKind kind, long accountId, long units) {
            rows.computeIfAbsent(kind, first -> new TreeMap<>()).merge(accountId, units, Math::addExact);
        }

        private void count(long userId, long units) {
            counts.merge(userId, units, Math::addExact);
        }

        private void write() {
            rows.forEach(
                    (kind, accounts) -> accounts.forEach((id, units) -> BookStore.unlogged(agenda, kind, id, units)));
            counts.forEach((id, units) -> BookStore.uncounted(agenda, id, units));
        }
    }

    private static Figures figures(ConsumeLogEntry log) {
        return new Figures(Math.addExact(log.promptTokens(), log.completionTokens()), 1, log.quota());
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

    private Query add(Hour hour, Figures figures) {
        Long id = stored.get(hour);
        if (id == null) {
            return agenda.context()
                    .insertInto(QuotaData.TABLE)
                    .set(QuotaData.USER_ID, hour.userId())
                    .set(QuotaData.USERNAME, hour.username())
                    .set(QuotaData.MODEL_NAME, hour.model())
                    .set(QuotaData.CREATED_AT, hour.startSeconds())
                    .set(QuotaData.TOKEN_USED, figures.tokens())
                    .set(QuotaData.COUNT, figures.count())
                    .set(QuotaData.QUOTA, figures.quota());
        }
        return agenda.context()
                .update(QuotaData.TABLE)
                .set(
                        QuotaData.TOKEN_USED,
                        coalesce(QuotaData.TOKEN_USED, inline(0L)).plus(figures.tokens()))
                .set(QuotaData.COUNT, coalesce(QuotaData.COUNT, inline(0L)).plus(figures.count()))
                .set(QuotaData.QUOTA, coalesce(QuotaData.QUOTA, inline(0L)).plus(figures.quota()))
                .where(QuotaData.ID.eq(id));
    }
}
