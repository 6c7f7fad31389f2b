package io.newapi.core.access;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which groups there are for whom: the groups that users may choose, the list behind {@link #AUTO}, and the groups that
 * have a ratio. Immutable.
 *
 * <p>A user of group G may use the groups that everybody may use, changed by the special entries for G, and always G
 * itself. Names are trimmed, blank ones dropped.
 */
public final class Groups {

    /** The group name that stands for the first group which serves the model. */
    public static final String AUTO = "auto";

    private static final String ADD = "+:";
    private static final String REMOVE = "-:";

    private final Map<String, String> usableByAll;
    private final Map<String, Map<String, String>> usableBySpecial;
    private final List<String> auto;
    private final Set<String> withRatio;

    private Groups(
            Map<String, String> usable,
            Map<String, Map<String, String>> special,
            Collection<String> auto,
            Collection<String> withRatio) {
        this.usableByAll = trimmed(usable);
        Map<String, Map<String, String>> bySpecial = new HashMap<>();
        special.forEach((userGroup, changes) -> bySpecial.put(userGroup.strip(), changed(changes)));
        this.usableBySpecial = bySpecial;
        Set<String> autoNames = new LinkedHashSet<>(trimmed(auto));
        // It stands for the list and cannot be in it.
        autoNames.remove(AUTO);
        this.auto = List.copyOf(autoNames);
        this.withRatio = Set.copyOf(trimmed(withRatio));
    }

    /**
     * Groups as New API's options describe them.
     *
     * @param usable the groups that everybody may use, with their descriptions (option {@code UserUsableGroups})
     * @param special per group of users, changes to {@code usable}: the key {@code +:g} or {@code g} adds the group
     *     {@code g} with the value as its description, {@code -:g} removes it, and removing wins (option
     *     {@code group_ratio_setting.group_special_usable_group})
     * @param auto the groups behind {@link #AUTO}, in order (option {@code AutoGroups})
     * @param withRatio the groups that have a ratio (the keys of option {@code GroupRatio})
     */
    public static Groups of(
            Map<String, String> usable,
            Map<String, Map<String, String>> special,
            Collection<String> auto,
            Collection<String> withRatio) {
        return new Groups(usable, special, auto, withRatio);
    }

    /** Whether a user of {@code userGroup} may use {@code group}. */
    public boolean mayUse(String userGroup, String group) {
        return group.equals(userGroup) || withoutOwn(userGroup).containsKey(group);
    }

    /** The groups that a user of {@code userGroup} may use, with their descriptions; the own group may have an empty one. */
    public Map<String, String> usableBy(String userGroup) {
        Map<String, String> usable = new LinkedHashMap<>(withoutOwn(userGroup));
        if (!userGroup.isBlank()) {
            usable.putIfAbsent(userGroup, "");
        }
        return Collections.unmodifiableMap(usable);
    }

    /** The groups behind {@link #AUTO} that a user of {@code userGroup} may use, in the administrator's order. */
    public List<String> autoFor(String userGroup) {
        return auto.stream().filter(group -> mayUse(userGroup, group)).toList();
    }

    /** Whether {@code group} has a ratio, so that its calls have a price on purpose. */
    public boolean hasRatio(String group) {
        return withRatio.contains(group);
    }

    private Map<String, String> withoutOwn(String userGroup) {
        return usableBySpecial.getOrDefault(userGroup, usableByAll);
    }

    private Map<String, String> changed(Map<String, String> changes) {
        Map<String, String> usable = new LinkedHashMap<>(usableByAll);
        changes.forEach((change, description) -> {
            if (!change.startsWith(REMOVE)) {
                String group = change.startsWith(ADD) ? change.substring(ADD.length()) : change;
                usable.put(group.strip(), description);
            }
        });
        for (String change : changes.keySet()) {
            if (change.startsWith(REMOVE)) {
                usable.remove(change.substring(REMOVE.length()).strip());
            }
        }
        usable.remove("");
        return usable;
    }

    private static Map<String, String> trimmed(Map<String, String> names) {
        Map<String, String> kept = new LinkedHashMap<>();
        names.forEach((name, description) -> kept.put(name.strip(), description));
        kept.remove("");
        return kept;
    }

    private static List<String> trimmed(Collection<String> names) {
        return names.stream().map(String::strip).filter(name -> !name.isEmpty()).toList();
    }
}
