package io.newapi.server.store;

import static io.newapi.server.store.Nulls.flag;
import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;

import io.newapi.server.store.Tables.Abilities;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jooq.BatchBindStep;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;

/**
 * The table {@code abilities}: one row for each group, model and channel. It mirrors the channels, and is brought in line
 * by its differences, so that no reader ever finds it empty.
 */
final class Routes {

    private static final int BATCH = 200;
    private static final List<Field<?>> COLUMNS = List.of(
            Abilities.GROUP,
            Abilities.MODEL,
            Abilities.CHANNEL_ID,
            Abilities.ENABLED,
            Abilities.PRIORITY,
            Abilities.WEIGHT,
            Abilities.TAG);

    private record Key(String group, String model, long channelId) {}

    private record Route(boolean enabled, long priority, long weight, String tag) {}

    private final Map<Key, Route> present = new HashMap<>();
    private final Map<Key, Route> wanted = new LinkedHashMap<>();
    private int added;
    private int changed;
    private int removed;

    /** Starts from the rows that the condition selects: those of one channel, or all. */
    Routes(DSLContext context, Condition scope) {
        context.select(COLUMNS).from(Abilities.TABLE).where(scope).forEach(row -> present.put(key(row), route(row)));
    }

    /** Brings the routes of these channels in line with their rows; a channel without a row loses its routes. */
    static void rewrite(DSLContext context, Collection<Long> channelIds, Collection<ChannelRow> channels) {
        Routes routes = new Routes(context, Abilities.CHANNEL_ID.in(channelIds));
        channels.forEach(routes::want);
        routes.apply(context);
    }

    /** Adds the routes that this channel is to have. */
    void want(ChannelRow channel) {
        Route route = new Route(channel.status() == 1, channel.priority(), channel.weight(), channel.tag());
        Set<String> models = names(channel.models());
        for (String group : names(channel.group())) {
            for (String model : models) {
                wanted.put(new Key(group, model, channel.id()), route);
            }
        }
    }

    /** Writes what differs. */
    FixOutcome apply(DSLContext context) {
        List<Query> queries = new ArrayList<>();
        List<Map.Entry<Key, Route>> inserts = new ArrayList<>();
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
