package io.newapi.server.store;

import static io.newapi.server.store.Nulls.code;
import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;
import static org.jooq.impl.DSL.concat;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.or;

import io.newapi.server.store.Tables.Abilities;
import io.newapi.server.store.Tables.Channels;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;

/**
 * Channels and, in the same transaction, the routes of the table {@code abilities} that follow from them. A change
 * writes only the columns it is about.
 */
public final class ChannelStore {

    /** The most channels that one call creates or deletes. */
    public static final int MAX_BATCH = 1000;

    /** The status of a channel that is in use. */
    public static final int ENABLED = 1;

    private static final int MAX_NAMES = 1000;

    private final Database database;
    private final InstantSource clock;

    /** Channels of {@code database}. */
    public ChannelStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** The channel with this id. */
    public Optional<ChannelRow> byId(long id) {
        return database.read(context -> find(context, id));
    }

    /**
     * The same, kept from being changed by others until the transaction ends that is open on this thread: for a change
     * that follows from what is there.
     */
    public Optional<ChannelRow> locked(long id) {
        return database.write(context -> findLocked(context, id));
    }

    /** Every channel, in order of id: as many as administrators have created. */
    public List<ChannelRow> all() {
        return database.read(ChannelStore::all);
    }

    /** The channels with this tag, in order of id. */
    public List<ChannelRow> tagged(String tag) {
        return database.read(context -> context.select(ChannelRows.COLUMNS)
                .from(Channels.TABLE)
                .where(Channels.TAG.eq(tag))
                .orderBy(Channels.ID)
                .fetch(ChannelRows::row));
    }

    /**
     * Channels in order of priority, the highest first, and then of id, the newest first.
     *
     * @param byId order by id alone
     */
    public Page<ChannelRow> page(ChannelFilter filter, PageRequest request, boolean byId) {
        Condition condition = condition(filter);
        return database.read(context -> new Page<>(
                context.select(ChannelRows.COLUMNS)
                        .from(Channels.TABLE)
                        .where(condition)
                        .orderBy(
                                byId
                                        ? List.of(Channels.ID.desc())
                                        : List.of(Channels.PRIORITY.desc(), Channels.ID.desc()))
                        .limit(request.size())
                        .offset(request.offset())
                        .fetch(ChannelRows::row),
                context.fetchCount(Channels.TABLE, condition),
                request));
    }

    /** How many channels of each type the filter selects. */
    public Map<Integer, Long> typeCounts(ChannelFilter filter) {
        return database.read(context -> {
            Map<Integer, Long> counts = new TreeMap<>();
            context.select(Channels.TYPE, count())
                    .from(Channels.TABLE)
                    .where(condition(filter))
                    .groupBy(Channels.TYPE)
                    .forEach(row -> counts.merge(code(row, Channels.TYPE), (long) row.value2(), Long::sum));
            return counts;
        });
    }

    /** Names by id, for showing; at most the first thousand ids are looked up. */
    public Map<Long, String> names(Collection<Long> ids) {
        List<Long> some = ids.stream().distinct().limit(MAX_NAMES).toList();
        if (some.isEmpty()) {
            return Map.of();
        }
        return database.read(context -> {
            Map<Long, String> names = new HashMap<>();
            context.select(Channels.ID, Channels.NAME)
                    .from(Channels.TABLE)
                    .where(Channels.ID.in(some))
                    .forEach(row -> names.put(number(row, Channels.ID), text(row, Channels.NAME)));
            return names;
        });
    }

    /** The models that enabled channels serve, sorted. */
    public List<String> enabledModels() {
        return database.read(context -> context.selectDistinct(Abilities.MODEL)
                .from(Abilities.TABLE)
                .where(Abilities.ENABLED.isTrue())
                .orderBy(Abilities.MODEL)
                .fetch(Abilities.MODEL));
    }

    /** Creates a channel; its id. */
    public long create(ChannelChange channel) {
        return create(List.of(channel)).get(0);
    }

    /**
     * Creates channels with their routes, all or none.
     *
     * @param channels at most {@link #MAX_BATCH}
     * @return their ids, in order
     */
    public List<Long> create(List<ChannelChange> channels) {
        requireBatch(channels.size());
        return database.write(context -> {
            List<Long> ids = new ArrayList<>(channels.size());
            for (ChannelChange channel : channels) {
                ids.add(insert(context, channel));
            }
            rewriteRoutes(context, ids);
            return ids;
        });
    }

    /** Changes the named columns, and the routes; the row as it is now, or empty if there is no such channel. */
    public Optional<ChannelRow> update(long id, ChannelChange change) {
        return modify(id, row -> change);
    }

    /**
     * Changes the columns that {@code change} names after seeing the row, in one transaction, and with nobody else changing
     * it meanwhile: for what depends on what is there, such as the status of one of several keys.
     *
     * @return the row as it is now, or empty if there is no such channel
     */
    public Optional<ChannelRow> modify(long id, Function<ChannelRow, ChannelChange> change) {
        return database.write(context -> findLocked(context, id).flatMap(row -> {
            ColumnValues columns = new ColumnValues();
            columns.putAll(change.apply(row).columns());
            if (!columns.isEmpty()) {
                columns.get(Channels.GROUP).ifPresent(groups -> columns.put(Channels.GROUP, groupList(groups)));
                context.update(Channels.TABLE)
                        .set(columns.asMap())
                        .where(Channels.ID.eq(id))
                        .execute();
                rewriteRoutes(context, List.of(id));
            }
            return find(context, id);
        }));
    }

    /**
     * Sets the status, records why and when, and switches the routes.
     *
     * @return whether it was another status before; false too if there is no such channel
     */
    public boolean setStatus(long id, int status, String reason) {
        Instant now = clock.instant();
        return database.write(context -> {
            Optional<ChannelRow> row = findLocked(context, id);
            if (row.isEmpty() || row.get().status() == status) {
                return false;
            }
            update(
                    id,
                    ChannelChange.none()
                            .status(status)
                            .otherInfo(StatusNote.in(row.get().otherInfo(), reason, now)));
            return true;
        });
    }

    /** Records the result of a test. */
    public void recordTest(long id, long responseMillis) {
        database.write(context -> context.update(Channels.TABLE)
                .set(Channels.TEST_TIME, clock.instant().getEpochSecond())
                .set(Channels.RESPONSE_TIME, responseMillis)
                .where(Channels.ID.eq(id))
                .execute());
    }

    /** Records what the upstream says is left, in USD. */
    public void recordBalance(long id, BigDecimal usd) {
        database.write(context -> context.update(Channels.TABLE)
                .set(Channels.BALANCE, usd)
                .set(Channels.BALANCE_UPDATED_TIME, clock.instant().getEpochSecond())
                .where(Channels.ID.eq(id))
                .execute());
    }

    /** Removes a channel and its routes; false if there is none. */
    public boolean delete(long id) {
        return deleteAll(List.of(id)) == 1;
    }

    /**
     * Removes channels and their routes.
     *
     * @param ids at most {@link #MAX_BATCH}
     * @return how many it were
     */
    public int deleteAll(Collection<Long> ids) {
        requireBatch(ids.size());
        return database.write(context -> delete(context, ids));
    }

    /** Removes all channels that are disabled, by hand or automatically, and their routes; how many it were. */
    public int deleteDisabled() {
        return database.write(context -> {
            List<Long> ids = context.select(Channels.ID)
                    .from(Channels.TABLE)
                    .where(Channels.STATUS.in(2, 3))
                    .fetch(Channels.ID);
            int deleted = 0;
            for (int from = 0; from < ids.size(); from += MAX_BATCH) {
                deleted += delete(context, ids.subList(from, Math.min(ids.size(), from + MAX_BATCH)));
            }
            return deleted;
        });
    }

    /** Brings the whole routing table in line with the channels; readers see the old table or the new one. */
    public FixOutcome fixAbilities() {
        return database.write(context -> {
            Routes routes = new Routes(context, noCondition());
            List<ChannelRow> channels = all(context);
            channels.forEach(routes::want);
            FixOutcome outcome = routes.apply(context);
            return new FixOutcome(channels.size(), outcome.added(), outcome.changed(), outcome.removed());
        });
    }

    private static int delete(DSLContext context, Collection<Long> ids) {
        Sequences.spend(context, Channels.TABLE, Channels.ID, ids);
        Routes.remove(context, ids);
        return context.deleteFrom(Channels.TABLE).where(Channels.ID.in(ids)).execute();
    }

    private long insert(DSLContext context, ChannelChange channel) {
        ColumnValues columns = new ColumnValues();
        Sequences.next(context, Channels.TABLE, Channels.ID).ifPresent(id -> columns.put(Channels.ID, id));
        columns.put(Channels.STATUS, ENABLED);
        columns.put(Channels.GROUP, UserStore.DEFAULT_GROUP);
        columns.put(Channels.WEIGHT, 0L);
        columns.put(Channels.PRIORITY, 0L);
        columns.put(Channels.AUTO_BAN, 1);
        columns.put(Channels.CREATED_TIME, clock.instant().getEpochSecond());
        columns.put(Channels.TEST_TIME, 0L);
        columns.put(Channels.RESPONSE_TIME, 0L);
        columns.put(Channels.BALANCE, BigDecimal.ZERO);
        columns.put(Channels.BALANCE_UPDATED_TIME, 0L);
        columns.put(Channels.USED_QUOTA, 0L);
        columns.put(Channels.KEY, "");
        columns.put(Channels.CHANNEL_INFO, ChannelInfo.SINGLE.toJson());
        columns.putAll(channel.columns());
        columns.get(Channels.GROUP).ifPresent(groups -> columns.put(Channels.GROUP, groupList(groups)));
        long id = Inserts.id(context, context.insertInto(Channels.TABLE).set(columns.asMap()))
                .orElseThrow();
        BookStore.open(context, BookKind.CHANNEL, id, clock.instant().getEpochSecond());
        return id;
    }

    /**
     * Groups as nodes of the original take them from the list: with blanks where it has some, and an empty one where it is
     * empty or has two commas in a row. So it must have none of these, or they would find a group without any route and end.
     */
    private static String groupList(String groups) {
        Set<String> names = Routes.names(groups);
        return names.isEmpty() ? UserStore.DEFAULT_GROUP : String.join(",", names);
    }

    private static void rewriteRoutes(DSLContext context, Collection<Long> ids) {
        Routes.rewrite(
                context,
                ids,
                context.select(ChannelRows.COLUMNS)
                        .from(Channels.TABLE)
                        .where(Channels.ID.in(ids))
                        .fetch(ChannelRows::row));
    }

    private static void requireBatch(int size) {
        if (size > MAX_BATCH) {
            throw new IllegalArgumentException("at most " + MAX_BATCH + " channels at once: " + size);
        }
    }

    private static Condition condition(ChannelFilter filter) {
        Condition condition = switch (filter.status()) {
            case ANY -> noCondition();
            case ENABLED -> Channels.STATUS.eq(ENABLED);
            case DISABLED -> Channels.STATUS.ne(ENABLED);
        };
        Integer type = filter.type();
        if (type != null) {
            condition = condition.and(Channels.TYPE.eq(type));
        }
        if (!filter.group().isEmpty()) {
            Field<String> list = concat(inline(","), Channels.GROUP, inline(","));
            condition = condition.and(Like.contains(list, "," + filter.group() + ","));
        }
        if (!filter.model().isEmpty()) {
            condition = condition.and(Like.contains(Channels.MODELS, filter.model()));
        }
        return filter.keyword().isEmpty() ? condition : condition.and(or(keyword(filter.keyword())));
    }

    private static List<Condition> keyword(String keyword) {
        List<Condition> matches = new ArrayList<>();
        matches.add(Like.contains(Channels.NAME, keyword));
        matches.add(Like.contains(Channels.BASE_URL, keyword));
        matches.add(Channels.KEY.eq(keyword));
        Numbers.parse(keyword).ifPresent(id -> matches.add(Channels.ID.eq(id)));
        return matches;
    }

    private static Optional<ChannelRow> find(DSLContext context, long id) {
        return context.select(ChannelRows.COLUMNS)
                .from(Channels.TABLE)
                .where(Channels.ID.eq(id))
                .fetchOptional(ChannelRows::row);
    }

    private static Optional<ChannelRow> findLocked(DSLContext context, long id) {
        return Dialect.locked(
                        context,
                        context.select(ChannelRows.COLUMNS).from(Channels.TABLE).where(Channels.ID.eq(id)))
                .fetchOptional(ChannelRows::row);
    }

    private static List<ChannelRow> all(DSLContext context) {
        return context.select(ChannelRows.COLUMNS)
                .from(Channels.TABLE)
                .orderBy(Channels.ID)
                .fetch(ChannelRows::row);
    }
}
