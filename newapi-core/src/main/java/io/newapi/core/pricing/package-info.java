/**
 * Pricing: what a call costs, and why. Pure functions of a {@code PriceBook}.
 *
 * <p>Start at {@link io.newapi.core.pricing.PriceBook}: it quotes a call; the {@link io.newapi.core.pricing.Quote} says
 * what to reserve and, given the {@link io.newapi.core.pricing.Usage}, what to charge. Everything is exact decimal
 * arithmetic, rounded once, at the end. Nothing here reads a clock, does I/O after loading, or holds mutable state.
 */
@org.jspecify.annotations.NullMarked
package io.newapi.core.pricing;
