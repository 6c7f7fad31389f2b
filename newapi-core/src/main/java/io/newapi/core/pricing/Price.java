package io.newapi.core.pricing;

import io.newapi.core.pricing.expression.Expression;
import java.util.function.Function;

/** What a model costs, before the group's ratio. */
public sealed interface Price {

    /** Whether tokens cost nothing at this price, however many. */
    boolean isZero();

    /** Answers for whichever kind of price this is. */
    <T> T match(
            Function<? super ByRatio, ? extends T> byRatio,
            Function<? super PerCall, ? extends T> perCall,
            Function<? super Tiered, ? extends T> tiered);

    /**
     * Priced by tokens: a plain input token costs {@code modelRatio} quota units, every other kind a multiple of it.
     *
     * @param modelRatio quota units for one plain input token; 1 is 2 USD per million tokens at the default unit
     * @param completionRatio multiple of it for an output token
     * @param cacheRatio multiple of it for an input token read from the cache
     * @param cacheWriteRatio multiple of it for an input token written to the cache for five minutes; for one hour it
     *     is {@link #ONE_HOUR} times as much
     * @param imageRatio multiple of it for an input token that is an image
     * @param audio what audio costs
     */
    record ByRatio(
            Ratio modelRatio,
            Ratio completionRatio,
            Ratio cacheRatio,
            Ratio cacheWriteRatio,
            Ratio imageRatio,
            AudioPrice audio)
            implements Price {

        /** How much more a one-hour cache write costs than one for five minutes: 2 times the input against 1.25. */
        public static final Ratio ONE_HOUR = Ratio.parse("1.6");

        @Override
        public boolean isZero() {
            return modelRatio.isZero();
        }

        @Override
        public <T> T match(
                Function<? super ByRatio, ? extends T> byRatio,
                Function<? super PerCall, ? extends T> perCall,
                Function<? super Tiered, ? extends T> tiered) {
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
                Function<? super ByRatio, ? extends T> byRatio,
                Function<? super PerCall, ? extends T> perCall,
                Function<? super Tiered, ? extends T> tiered) {
            return perCall.apply(this);
        }
    }

    /**
     * Priced by an expression over what the call used, which can tell apart sizes, times and requests.
     *
     * @param expression USD for a million units
     */
    record Tiered(Expression expression) implements Price {

        /** Never: what an expression comes to is known only when it is evaluated. */
        @Override
        public boolean isZero() {
            return false;
        }

        @Override
        public <T> T match(
                Function<? super ByRatio, ? extends T> byRatio,
                Function<? super PerCall, ? extends T> perCall,
                Function<? super Tiered, ? extends T> tiered) {
            return tiered.apply(this);
        }
    }
}
