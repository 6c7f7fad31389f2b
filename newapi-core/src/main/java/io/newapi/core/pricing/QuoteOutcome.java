package io.newapi.core.pricing;

import java.util.function.Function;

/** The answer to "what would this call cost". */
public sealed interface QuoteOutcome {

    /** Answers for whichever outcome this is. */
    <T> T match(Function<? super Quote, ? extends T> quoted, Function<? super String, ? extends T> unpriced);

    /**
     * The call has a price.
     *
     * @param quote the terms
     */
    record Quoted(Quote quote) implements QuoteOutcome {

        @Override
        public <T> T match(
                Function<? super Quote, ? extends T> quoted, Function<? super String, ? extends T> unpriced) {
            return quoted.apply(quote);
        }
    }

    /**
     * The model has neither ratio nor price, and the caller does not accept models without. The call must be refused
     * before anything is reserved or sent.
     *
     * @param model the requested name
     */
    record Unpriced(String model) implements QuoteOutcome {

        @Override
        public <T> T match(
                Function<? super Quote, ? extends T> quoted, Function<? super String, ? extends T> unpriced) {
            return unpriced.apply(model);
        }
    }
}
