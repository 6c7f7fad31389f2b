/**
 * The small language in which a model's price can be written: numbers, comparisons, choices and a few functions over the
 * token counts of a call.
 *
 * <p>Start at {@link io.newapi.core.pricing.expression.Expression}: it is parsed once, bounded in size, and evaluated to an
 * exact decimal. There are no loops, and every part of an expression is evaluated at most once, so the bound on its size
 * bounds the time too.
 */
@org.jspecify.annotations.NullMarked
package io.newapi.core.pricing.expression;
