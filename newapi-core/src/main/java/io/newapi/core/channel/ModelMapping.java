package io.newapi.core.channel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The names under which an upstream knows the models that clients ask for. Immutable.
 *
 * <p>The target of one name may be the name of another entry: the chain is followed to its end. A name whose target is
 * itself ends the chain; any other way back is a mistake.
 */
public final class ModelMapping {

    private final Map<String, String> targets;

    private ModelMapping(Map<String, String> targets) {
        this.targets = targets;
    }

    /** Maps each key to its value. Names are trimmed; an entry with a blank name on either side says nothing. */
    public static ModelMapping of(Map<String, String> targets) {
        Map<String, String> kept = new LinkedHashMap<>();
        targets.forEach((from, to) -> {
            if (!from.isBlank() && !to.isBlank()) {
                kept.put(from.strip(), to.strip());
            }
        });
        return new ModelMapping(Collections.unmodifiableMap(kept));
    }

    /** A mapping over {@link #targets()} that were trimmed before. */
    static ModelMapping ofTrimmed(Map<String, String> targets) {
        return new ModelMapping(targets);
    }

    /** Every entry that says something, in its given order. */
    public Map<String, String> targets() {
        return targets;
    }

    /**
     * The name to send upstream for {@code model}: the end of its chain, or itself when it is not mapped.
     *
     * @throws CyclicModelMappingException if the chain has no end
     */
    public String upstream(String model) {
        if (!targets.containsKey(model)) {
            return model;
        }
        Set<String> passed = new LinkedHashSet<>();
        String current = model;
        String next = targets.get(current);
        while (next != null && !next.equals(current)) {
            passed.add(current);
            if (passed.contains(next)) {
                throw new CyclicModelMappingException(String.join(" -> ", passed) + " -> " + next);
            }
            current = next;
            next = targets.get(current);
        }
        return current;
    }

    /**
     * Checks every chain; for whoever saves a mapping.
     *
     * @throws CyclicModelMappingException if one of them has no end
     */
    public void requireAcyclic() {
        targets.keySet().forEach(this::upstream);
    }
}
