package io.newapi.core.pricing;

import java.util.function.Function;

/** What the caller's group does to a price: the one ratio by which everything in a call is multiplied. */
public sealed interface GroupRatio {

    /** The multiplier; 0 makes the call free. */
    Ratio ratio();

    /** Answers for whichever kind of ratio this is. */
    <T> T match(Function<? super Ratio, ? extends T> standard, Function<? super Ratio, ? extends T> special);

    /**
     * The ratio of the group in use.
     *
     * @param ratio the multiplier
     */
    record Standard(Ratio ratio) implements GroupRatio {

        /** Of a group that has none of its own. */
        static final Standard ONE = new Standard(Ratio.ONE);

        @Override
        public <T> T match(
                Function<? super Ratio, ? extends T> standard, Function<? super Ratio, ? extends T> special) {
            return standard.apply(ratio);
        }
    }

    /**
     * A ratio for users of one group in another; it replaces the standard ratio of the group in use.
     *
     * @param ratio the multiplier
     */
    record Special(Ratio ratio) implements GroupRatio {

        @Override
        public <T> T match(
                Function<? super Ratio, ? extends T> standard, Function<? super Ratio, ? extends T> special) {
            return special.apply(ratio);
        }
    }
}
