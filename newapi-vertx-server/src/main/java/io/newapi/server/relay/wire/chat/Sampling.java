package io.newapi.server.relay.wire.chat;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a model chooses its words, and how many. What is null was not asked for.
 *
 * @param maxTokens text units of the answer, thinking included; 0 if no limit was set
 * @param stop what ends the answer when it is written; not itself a part of it
 * @param choices how many answers are wanted, 1 mostly
 */
public record Sampling(
        long maxTokens,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        @Nullable Long topK,
        @Nullable Long seed,
        @Nullable BigDecimal frequencyPenalty,
        @Nullable BigDecimal presencePenalty,
        List<String> stop,
        int choices) {

    /** Nothing is said. */
    public static final Sampling UNSAID = new Sampling(0, null, null, null, null, null, null, List.of(), 1);

    /** The same with another limit, text units. */
    public Sampling withMaxTokens(long limit) {
        return new Sampling(limit, temperature, topP, topK, seed, frequencyPenalty, presencePenalty, stop, choices);
    }

    /** An immutable copy. */
    public Sampling {
        stop = List.copyOf(stop);
    }
}
