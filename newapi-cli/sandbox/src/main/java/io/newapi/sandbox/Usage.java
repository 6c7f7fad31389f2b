package io.newapi.sandbox;

/**
 * Tokens that an answer reports.
 *
 * @param prompt all prompt tokens, those read from and written to a cache among them
 * @param cached prompt tokens read from a cache
 * @param cacheWrite prompt tokens written to a cache
 * @param completion all tokens of the answer, reasoning among them
 * @param reasoning tokens of the answer that were spent on reasoning
 */
record Usage(long prompt, long cached, long cacheWrite, long completion, long reasoning) {

    static final Usage ZERO = new Usage(0, 0, 0, 0, 0);

    /** What {@code script} says, and for the rest what was counted. */
    static Usage of(Script script, long promptWords, long completionWords, long reasoningWords) {
        Long prompt = script.promptTokens();
        Long completion = script.completionTokens();
        Long reasoning = script.reasoningTokens();
        long completionTokens = completion == null ? completionWords : completion;
        return new Usage(
                prompt == null ? promptWords : prompt,
                script.cachedTokens(),
                script.cacheWriteTokens(),
                completionTokens,
                reasoning == null ? Math.min(reasoningWords, completionTokens) : reasoning);
    }

    long total() {
        return prompt + completion;
    }

    /** Prompt tokens that have to do with no cache; a script may have told of more cached ones than there are. */
    long uncached() {
        return Math.max(0, prompt - cached - cacheWrite);
    }
}
