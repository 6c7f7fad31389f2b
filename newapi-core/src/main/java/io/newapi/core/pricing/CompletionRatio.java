package io.newapi.core.pricing;

/**
 * How many times an input token one output token of a model costs.
 *
 * @param ratio the multiple
 * @param locked whether the model's family decides, so that a configured ratio is ignored
 */
public record CompletionRatio(Ratio ratio, boolean locked) {}
