package io.newapi.core.channel;

import io.newapi.core.access.ModelName;
import java.util.ArrayList;
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
    private final Map<String, Map<String, List<Channel>>> byGroupAndModel;

    private ChannelDirectory(Map<Long, Channel> byId, Map<String, Map<String, List<Channel>>> byGroupAndModel) {
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
        Map<String, Map<String, List<Channel>>> routes = new HashMap<>();
        for (Channel channel : serving) {
            for (String group : channel.groups()) {
                Map<String, List<Channel>> ofGroup = routes.computeIfAbsent(group, name -> new HashMap<>());
                for (String model : channel.models()) {
                    ofGroup.computeIfAbsent(model, name -> new ArrayList<>(1)).add(channel);
                }
            }
        }
        routes.replaceAll((group, ofGroup) -> inOrderOfNames(ofGroup));
        return new ChannelDirectory(Collections.unmodifiableMap(byId), Collections.unmodifiableMap(routes));
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
        Map<String, List<Channel>> ofGroup = byGroupAndModel.getOrDefault(group, Map.of());
        List<Channel> exact = ofGroup.get(model);
        return exact != null ? exact : ofGroup.getOrDefault(ModelName.normalised(model), List.of());
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
        return byGroupAndModel.keySet();
    }

    /** The names of the models that are served in {@code group}, in order. */
    public Set<String> models(String group) {
        return byGroupAndModel.getOrDefault(group, Map.of()).keySet();
    }

    private static Map<String, List<Channel>> inOrderOfNames(Map<String, List<Channel>> ofGroup) {
        Map<String, List<Channel>> ordered = new LinkedHashMap<>();
        new TreeMap<>(ofGroup).forEach((model, channels) -> ordered.put(model, List.copyOf(channels)));
        return Collections.unmodifiableMap(ordered);
    }
}
