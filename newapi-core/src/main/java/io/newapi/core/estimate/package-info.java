/** Estimating how many text tokens a text has, without a tokenizer. */
@org.jspecify.annotations.NullMarked
package io.newapi.core.estimate;
