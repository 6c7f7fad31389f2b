/**
 * Estimating how many text tokens a text has, without a tokenizer. Start at
 * {@link io.newapi.core.estimate.TextEstimator}. Integer arithmetic throughout: the same text gives the same number on
 * every machine.
 */
@org.jspecify.annotations.NullMarked
package io.newapi.core.estimate;
