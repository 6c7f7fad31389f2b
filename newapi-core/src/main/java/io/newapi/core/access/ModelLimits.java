package io.newapi.core.access;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The models that a token may use: all of them, or those of a list.
 *
 * @param limited whether the list counts
 * @param models the names in their given order; empty while {@code limited} means that no model may be used
 */
public record ModelLimits(boolean limited, Set<String> models) {

    private static final ModelLimits NONE = new ModelLimits(false, Set.of());

    /** Names are trimmed, blank ones dropped. */
    public ModelLimits {
        models = trimmed(models);
    }

    /** Every model may be used. */
    public static ModelLimits none() {
        return NONE;
    }

    /** Only {@code models} may be used; of an empty list, none at all. */
    public static ModelLimits of(Collection<String> models) {
        return new ModelLimits(true, new LinkedHashSet<>(models));
    }

    /**
     * Whether {@code model} may be used: it, or its {@linkplain ModelName#normalised normalised name}, is in the list. Ask
     * only for calls that name a model; the empty name is in no list.
     */
    public boolean allows(String model) {
        return !limited || models.contains(model) || models.contains(ModelName.normalised(model));
    }

    private static Set<String> trimmed(Set<String> names) {
        Set<String> kept = new LinkedHashSet<>();
        for (String name : names) {
            if (!name.isBlank()) {
                kept.add(name.strip());
            }
        }
        return Collections.unmodifiableSet(kept);
    }
}
