package io.newapi.core.pricing;

import java.util.function.Function;

/** What a model costs, before the group's ratio. */
public sealed interface Price {

    /** Whether tokens cost nothing at this price. */
    boolean isZero();

    /** Answers for whichever kind of price this is. */
    <T> T match(Function<? super ByRatio, ? extends T> byRatio, Function<? super PerCall, ? extends T> perCall);

    /**
     * Priced by tokens: a plain input token costs {@code modelRatio} quota units, every other kind a multiple of it.
     *
     * @param modelRatio quota units for one plain input token; 1 is 2 USD per million tokens at the default unit
     * @param completionRatio multiple of it for an output token
     * @param cacheRatio multiple of it for an input token read from the cache
     * @param cacheWriteRatio multiple of it for an input token written to the cache for five minutes; for one hour it
     *     is {@link #ONE_HOUR} times as much
     * @param imageRatio multiple of it for an input token that is an image
     */
    record ByRatio(Ratio modelRatio, Ratio completionRatio, Ratio cacheRatio, Ratio cacheWriteRatio, Ratio imageRatio)
            implements Price {

        /** How much more a one-hour cache write costs than one for five minutes: 2 times the input against 1.25. */
        public static final Ratio ONE_HOUR = Ratio.parse("1.6");

        @Override
        public boolean isZero() {
            return modelRatio.isZero();
        }

        @Override
        public <T> T match(
                Function<? super ByRatio, ? extends T> byRatio, Function<? super PerCall, ? extends T> perCall) {
            return byRatio.apply(this);
        }
    }

    /**
     * One price for the call, however many tokens it uses.
     *
     * @param priceUsd USD for one call
     */
    record PerCall(Ratio priceUsd) implements Price {

        @Override
        public boolean isZero() {
            return priceUsd.isZero();
        }

        @Override
        public <T> T match(
                Function<? super ByRatio, ? extends T> byRatio, Function<? super PerCall, ? extends T> perCall) {
            return perCall.apply(this);
        }
    }
}
