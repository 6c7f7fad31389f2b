package io.newapi.core.channel;

import io.newapi.core.access.ModelName;
import io.newapi.core.channel.Selection.Selected;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every channel, by id and by what it serves. Immutable: a request that holds one sees one consistent world.
 *
 * <p>Only channels that are {@linkplain Channel#serving() serving} are found by group and model; the others are still
 * found by id. Looking up costs two hash look-ups and allocates nothing.
 */
public final class ChannelDirectory {

    // Equal priorities are put in order of id, so that one seed gives one sequence of draws.
    private static final Comparator<Channel> FIRST_TO_TRY =
            Comparator.comparingLong(Channel::priority).reversed().thenComparingLong(Channel::id);

    private final Map<Long, Channel> byId;
    private final Map<String, Map<String, Route>> byGroupAndModel;

    private ChannelDirectory(Map<Long, Channel> byId, Map<String, Map<String, Route>> byGroupAndModel) {
        this.byId = byId;
        this.byGroupAndModel = byGroupAndModel;
    }

    /**
     * A directory of {@code channels}.
     *
     * @throws IllegalArgumentException if two channels have the same id
     */
    public static ChannelDirectory of(Collection<Channel> channels) {
        Map<Long, Channel> byId = new LinkedHashMap<>();
        List<Channel> serving = new ArrayList<>();
        for (Channel channel : channels) {
            if (byId.put(channel.id(), channel) != null) {
                throw new IllegalArgumentException("channel id occurs twice: " + channel.id());
            }
            if (channel.serving()) {
                serving.add(channel);
            }
        }
        // Sorted once, every list below comes out sorted.
        serving.sort(FIRST_TO_TRY);
        Map<String, Map<String, List<Selected>>> members = new HashMap<>();
        for (Channel channel : serving) {
            ChannelKeys.Slot first = channel.keys().slots().get(0);
            SelectedKey key = new SelectedKey(first.index(), first.key());
            for (String group : channel.groups()) {
                Map<String, List<Selected>> ofGroup = members.computeIfAbsent(group, name -> new HashMap<>());
                Selected selected = new Selected(group, channel, key);
                for (String model : channel.models()) {
                    ofGroup.computeIfAbsent(model, name -> new ArrayList<>(1)).add(selected);
                }
            }
        }
        Map<String, Map<String, Route>> routes = new HashMap<>();
        members.forEach((group, ofGroup) -> routes.put(group, inOrderOfNames(ofGroup)));
        return new ChannelDirectory(Collections.unmodifiableMap(byId), routes);
    }

    /** The channel with this id, whatever its status. */
    public Optional<Channel> byId(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Every channel, whatever its status, in the order in which they were given. */
    public Collection<Channel> channels() {
        return byId.values();
    }

    /**
     * The channels that serve {@code model} in {@code group}, of high priority first: those that list the exact name, or, if
     * there are none, those that list its {@linkplain ModelName#normalised normalised name}.
     */
    public List<Channel> candidates(String group, String model) {
        return route(group, model).channels();
    }

    /** The same, prepared for selection. */
    Route route(String group, String model) {
        Map<String, Route> ofGroup = byGroupAndModel.get(group);
        if (ofGroup == null) {
            return Route.NOWHERE;
        }
        Route exact = ofGroup.get(model);
        return exact != null ? exact : ofGroup.getOrDefault(ModelName.normalised(model), Route.NOWHERE);
    }

    /** Whether some channel serves {@code model} in {@code group}. */
    public boolean serves(String group, String model) {
        return !candidates(group, model).isEmpty();
    }

    /** The first of {@code groups} in which some channel serves {@code model}. */
    public Optional<String> firstGroupServing(List<String> groups, String model) {
        return firstGroupServing(groups, model, channel -> true);
    }

    /** The first of {@code groups} in which some eligible channel serves {@code model}. */
    public Optional<String> firstGroupServing(List<String> groups, String model, Predicate<Channel> eligible) {
        for (String group : groups) {
            for (Channel channel : candidates(group, model)) {
                if (eligible.test(channel)) {
                    return Optional.of(group);
                }
            }
        }
        return Optional.empty();
    }

    /** The groups in which some model is served. */
    public Set<String> groups() {
        return Collections.unmodifiableSet(byGroupAndModel.keySet());
    }

    /** The names of the models that are served in {@code group}, in order. */
    public Set<String> models(String group) {
        return Collections.unmodifiableSet(
                byGroupAndModel.getOrDefault(group, Map.of()).keySet());
    }

    /** Models that the same channels serve share one route: most channels of an installation list the same models. */
    private static Map<String, Route> inOrderOfNames(Map<String, List<Selected>> ofGroup) {
        Map<Members, Route> shared = new HashMap<>();
        Map<String, Route> ordered = new LinkedHashMap<>();
        new TreeMap<>(ofGroup)
                .forEach((model, members) -> ordered.put(
                        model, shared.computeIfAbsent(new Members(members.toArray(new Selected[0])), Members::route)));
        return ordered;
    }

    /** Channels of one group; equal to others if they are the very same, in the same order. */
    private static final class Members {
        private final Selected[] members;
        private final int hash;

        private Members(Selected[] members) {
            this.members = members;
            int sum = 1;
            for (Selected member : members) {
                sum = 31 * sum + Long.hashCode(member.channel().id());
            }
            this.hash = sum;
        }

        private Route route() {
            return new Route(members);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Members it && Arrays.equals(members, it.members, (a, b) -> a == b ? 0 : 1);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
