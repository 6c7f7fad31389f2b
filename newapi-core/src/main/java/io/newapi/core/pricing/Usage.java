package io.newapi.core.pricing;

/**
 * What one call used, in text tokens, as the upstream counted it.
 *
 * <p>Every counter is from 0 to {@link #MAX_COUNT}. The image and audio counters are parts of the prompt under both
 * semantics; the cache counters are parts of it under {@link UsageSemantics#OPENAI} and stand beside it under
 * {@link UsageSemantics#ANTHROPIC}. A counter that contradicts another (more cached than prompt tokens, say) is
 * accepted: upstreams do send such things, and {@link Quote#charge} says what they cost.
 *
 * <p>A usage without any token is free, whatever the price. Images at a price per call are not free when their
 * upstream counts no tokens; what they count for by ratio when it gives no usage, {@link ImageOrder#uncounted} says.
 *
 * @param promptTokens input as the {@code semantics} count it
 * @param completionTokens output
 * @param cachedTokens input read from the upstream's cache
 * @param cacheWriteTokens input written to the upstream's cache, all kinds together; what exceeds the two split
 *     counters is priced as a 5-minute write
 * @param cacheWrite5mTokens the part written for five minutes
 * @param cacheWrite1hTokens the part written for one hour
 * @param imageTokens the part of the prompt that is images
 * @param audioTokens the part of the prompt that is audio; priced like text, but for models with a price for audio input
 * @param semantics how the upstream counts
 */
public record Usage(
        long promptTokens,
        long completionTokens,
        long cachedTokens,
        long cacheWriteTokens,
        long cacheWrite5mTokens,
        long cacheWrite1hTokens,
        long imageTokens,
        long audioTokens,
        UsageSemantics semantics) {

    /** The largest integer that every JSON implementation reads exactly; sums of counters stay far from overflow. */
    public static final long MAX_COUNT = (1L << 53) - 1;

    /** @throws IllegalArgumentException if a counter is negative or above {@link #MAX_COUNT} */
    public Usage {
        requireCount("promptTokens", promptTokens);
        requireCount("completionTokens", completionTokens);
        requireCount("cachedTokens", cachedTokens);
        requireCount("cacheWriteTokens", cacheWriteTokens);
        requireCount("cacheWrite5mTokens", cacheWrite5mTokens);
        requireCount("cacheWrite1hTokens", cacheWrite1hTokens);
        requireCount("imageTokens", imageTokens);
        requireCount("audioTokens", audioTokens);
    }

    /** Plain input and output, under {@link UsageSemantics#OPENAI}. */
    public static Usage of(long promptTokens, long completionTokens) {
        return new Usage(promptTokens, completionTokens, 0, 0, 0, 0, 0, 0, UsageSemantics.OPENAI);
    }

    /** This usage with {@code tokens} of input. */
    public Usage withPromptTokens(long tokens) {
        return new Usage(
                tokens,
                completionTokens,
                cachedTokens,
                cacheWriteTokens,
                cacheWrite5mTokens,
                cacheWrite1hTokens,
                imageTokens,
                audioTokens,
                semantics);
    }

    /** This usage with {@code tokens} of output. */
    public Usage withCompletionTokens(long tokens) {
        return new Usage(
                promptTokens,
                tokens,
                cachedTokens,
                cacheWriteTokens,
                cacheWrite5mTokens,
                cacheWrite1hTokens,
                imageTokens,
                audioTokens,
                semantics);
    }

    /** This usage with {@code tokens} read from the cache. */
    public Usage withCachedTokens(long tokens) {
        return new Usage(
                promptTokens,
                completionTokens,
                tokens,
                cacheWriteTokens,
                cacheWrite5mTokens,
                cacheWrite1hTokens,
                imageTokens,
                audioTokens,
                semantics);
    }

    /** This usage with {@code tokens} written to the cache in all. */
    public Usage withCacheWriteTokens(long tokens) {
        return new Usage(
                promptTokens,
                completionTokens,
                cachedTokens,
                tokens,
                cacheWrite5mTokens,
                cacheWrite1hTokens,
                imageTokens,
                audioTokens,
                semantics);
    }

    /** This usage with so many tokens written for five minutes and for one hour. */
    public Usage withCacheWriteSplit(long fiveMinuteTokens, long oneHourTokens) {
        return new Usage(
                promptTokens,
                completionTokens,
                cachedTokens,
                cacheWriteTokens,
                fiveMinuteTokens,
                oneHourTokens,
                imageTokens,
                audioTokens,
                semantics);
    }

    /** This usage with {@code tokens} of the prompt being images. */
    public Usage withImageTokens(long tokens) {
        return new Usage(
                promptTokens,
                completionTokens,
                cachedTokens,
                cacheWriteTokens,
                cacheWrite5mTokens,
                cacheWrite1hTokens,
                tokens,
                audioTokens,
                semantics);
    }

    /** This usage with {@code tokens} of the prompt being audio. */
    public Usage withAudioTokens(long tokens) {
        return new Usage(
                promptTokens,
                completionTokens,
                cachedTokens,
                cacheWriteTokens,
                cacheWrite5mTokens,
                cacheWrite1hTokens,
                imageTokens,
                tokens,
                semantics);
    }

    /** The same counters, counted the other way. */
    public Usage withSemantics(UsageSemantics counted) {
        return new Usage(
                promptTokens,
                completionTokens,
                cachedTokens,
                cacheWriteTokens,
                cacheWrite5mTokens,
                cacheWrite1hTokens,
                imageTokens,
                audioTokens,
                counted);
    }

    /** Whether no counter counted anything. */
    public boolean isZero() {
        return (promptTokens
                        | completionTokens
                        | cachedTokens
                        | cacheWriteTokens
                        | cacheWrite5mTokens
                        | cacheWrite1hTokens
                        | imageTokens
                        | audioTokens)
                == 0;
    }

    /** All tokens written to the cache: the aggregate, or the sum of its parts where the upstream reported more. */
    public long writtenTokens() {
        return Math.max(cacheWriteTokens, cacheWrite5mTokens + cacheWrite1hTokens);
    }

    /** The tokens written to the cache for which the upstream named no lifetime. */
    long unsplitWriteTokens() {
        return writtenTokens() - cacheWrite5mTokens - cacheWrite1hTokens;
    }

    /**
     * The prompt less everything in it that has a ratio of its own. Negative if the upstream contradicts itself.
     */
    long plainPromptTokens() {
        long cache = semantics == UsageSemantics.OPENAI ? cachedTokens + writtenTokens() : 0;
        return promptTokens - imageTokens - cache;
    }

    static void requireCount(String name, long count) {
        if (count < 0 || count > MAX_COUNT) {
            throw new IllegalArgumentException(name + " must be from 0 to " + MAX_COUNT + ": " + count);
        }
    }
}
