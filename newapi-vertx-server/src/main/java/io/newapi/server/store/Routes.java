package io.newapi.server.store;

import static io.newapi.server.store.Nulls.flag;
import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;
import static org.jooq.impl.DSL.or;

import io.newapi.server.store.Tables.Abilities;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jooq.BatchBindStep;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;

/**
 * The table {@code abilities}: one row for each group, model and channel. It mirrors the channels, and is brought in line
 * by its differences, so that no reader ever finds it empty.
 *
 * <p>A group that was ever used keeps a row, disabled if need be. Nodes of the original read the channels first and then,
 * in a second look, which groups there are, enabled or not; one that finds an enabled channel whose group has no row ends.
 * So the last row of a group is never removed while it may be between its two looks, and as nobody knows when that is and
 * the row does no harm, it is not removed at all. It goes when the group is used again and its channels are changed.
 */
final class Routes {

    private static final int BATCH = 200;

    /** Some databases take groups that differ only in upper and lower case for the same. */
    private static final int MAX_SIMILAR = 100;

    private static final List<Field<?>> COLUMNS = List.of(
            Abilities.GROUP,
            Abilities.MODEL,
            Abilities.CHANNEL_ID,
            Abilities.ENABLED,
            Abilities.PRIORITY,
            Abilities.WEIGHT,
            Abilities.TAG);

    private record Key(String group, String model, long channelId) {}

    private static final Comparator<Key> ORDER =
            Comparator.comparing(Key::group).thenComparing(Key::model).thenComparingLong(Key::channelId);

    private record Route(boolean enabled, long priority, long weight, String tag) {

        private Route disabled() {
            return new Route(false, priority, weight, tag);
        }
    }

    private final Condition scope;
    private final Map<Key, Route> present = new HashMap<>();
    private final Map<Key, Route> wanted = new LinkedHashMap<>();
    private int added;
    private int changed;
    private int removed;

    /** Starts from the rows that the condition selects: those of one channel, or all. */
    Routes(DSLContext context, Condition scope) {
        this.scope = scope;
        context.select(COLUMNS).from(Abilities.TABLE).where(scope).forEach(row -> present.put(key(row), route(row)));
    }

    /** Brings the routes of these channels in line with their rows; a channel without a row loses its routes. */
    static void rewrite(DSLContext context, Collection<Long> channelIds, Collection<ChannelRow> channels) {
        Routes routes = new Routes(context, Abilities.CHANNEL_ID.in(channelIds));
        channels.forEach(routes::want);
        routes.apply(context);
    }

    /** Removes the routes of channels that are removed. */
    static void remove(DSLContext context, Collection<Long> channelIds) {
        Routes routes = new Routes(context, Abilities.CHANNEL_ID.in(channelIds));
        routes.keepGroups(context);
        Condition kept = or(routes.wanted.keySet().stream().map(Routes::is).toList());
        context.deleteFrom(Abilities.TABLE)
                .where(routes.wanted.isEmpty() ? routes.scope : routes.scope.andNot(kept))
                .execute();
        routes.wanted.forEach((key, route) -> update(context, key, route).execute());
    }

    /** Adds the routes that this channel is to have. */
    void want(ChannelRow channel) {
        Route route = new Route(channel.status() == 1, channel.priority(), channel.weight(), channel.tag());
        Set<String> models = names(channel.models());
        for (String group : names(channel.group())) {
            for (String model : models) {
                wanted.put(new Key(group, model, channel.id()), route);
            }
            if (models.isEmpty()) {
                // it serves nothing, but its group exists
                wanted.put(new Key(group, "", channel.id()), route.disabled());
            }
        }
    }

    /** Writes what differs. */
    FixOutcome apply(DSLContext context) {
        List<Query> queries = new ArrayList<>();
        List<Map.Entry<Key, Route>> inserts = new ArrayList<>();
        keepGroups(context);
        present.keySet().stream().filter(key -> !wanted.containsKey(key)).forEach(key -> {
            removed++;
            queries.add(context.deleteFrom(Abilities.TABLE).where(is(key)));
        });
        wanted.forEach((key, route) -> {
            Route old = present.get(key);
            if (old == null) {
                added++;
                inserts.add(Map.entry(key, route));
            } else if (!old.equals(route)) {
                changed++;
                queries.add(update(context, key, route));
            }
        });
        for (int from = 0; from < queries.size(); from += BATCH) {
            context.batch(queries.subList(from, Math.min(queries.size(), from + BATCH)))
                    .execute();
        }
        for (int from = 0; from < inserts.size(); from += BATCH) {
            insert(context, inserts.subList(from, Math.min(inserts.size(), from + BATCH)));
        }
        return new FixOutcome(0, added, changed, removed);
    }

    /** Of each group that would lose its last row one stays, disabled. */
    private void keepGroups(DSLContext context) {
        Map<String, Key> last = new TreeMap<>();
        present.keySet().stream()
                .filter(key -> !wanted.containsKey(key))
                .forEach(key -> last.merge(key.group(), key, Routes::first));
        wanted.keySet().forEach(key -> last.remove(key.group()));
        if (!last.isEmpty()) {
            elsewhere(context, last.keySet()).forEach(last::remove);
        }
        last.values().forEach(key -> {
            Route route = present.get(key);
            if (route != null) {
                wanted.put(key, route.disabled());
            }
        });
    }

    private static Key first(Key one, Key other) {
        return ORDER.compare(one, other) <= 0 ? one : other;
    }

    /** Which of these groups have rows that are not looked at here; none of these is removed meanwhile. */
    private Set<String> elsewhere(DSLContext context, Collection<String> groups) {
        Set<String> found = new HashSet<>();
        for (String group : groups) {
            Dialect.locked(
                            context,
                            context.select(Abilities.GROUP)
                                    .from(Abilities.TABLE)
                                    .where(Abilities.GROUP.eq(group).andNot(scope))
                                    .limit(MAX_SIMILAR))
                    .forEach(row -> found.add(text(row, Abilities.GROUP)));
        }
        return found;
    }

    /** The parts of a list separated by commas, without blanks and empty parts. */
    static Set<String> names(String list) {
        Set<String> names = new LinkedHashSet<>();
        for (String part : list.split(",", -1)) {
            String name = part.strip();
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }

    /** As one prepared statement: there may be many, and others wait for the transaction to end. */
    private static void insert(DSLContext context, List<Map.Entry<Key, Route>> routes) {
        BatchBindStep batch =
                context.batch(context.insertInto(Abilities.TABLE, COLUMNS).values("", "", 0L, false, 0L, 0L, ""));
        for (Map.Entry<Key, Route> entry : routes) {
            Key key = entry.getKey();
            Route route = entry.getValue();
            batch = batch.bind(
                    key.group(),
                    key.model(),
                    key.channelId(),
                    route.enabled(),
                    route.priority(),
                    route.weight(),
                    route.tag().isEmpty() ? null : route.tag());
        }
        batch.execute();
    }

    private static Query update(DSLContext context, Key key, Route route) {
        return context.update(Abilities.TABLE)
                .set(Abilities.ENABLED, route.enabled())
                .set(Abilities.PRIORITY, route.priority())
                .set(Abilities.WEIGHT, route.weight())
                .set(Abilities.TAG, route.tag().isEmpty() ? null : route.tag())
                .where(is(key));
    }

    private static Condition is(Key key) {
        return Abilities.GROUP
                .eq(key.group())
                .and(Abilities.MODEL.eq(key.model()))
                .and(Abilities.CHANNEL_ID.eq(key.channelId()));
    }

    private static Key key(Record row) {
        return new Key(text(row, Abilities.GROUP), text(row, Abilities.MODEL), number(row, Abilities.CHANNEL_ID));
    }

    private static Route route(Record row) {
        return new Route(
                flag(row, Abilities.ENABLED),
                number(row, Abilities.PRIORITY),
                number(row, Abilities.WEIGHT),
                Objects.requireNonNullElse(row.get(Abilities.TAG), ""));
    }
}
