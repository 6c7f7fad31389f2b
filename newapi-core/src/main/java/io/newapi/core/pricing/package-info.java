/** Pricing: what a call costs, and why. Pure functions of a {@code PriceBook}. */
@org.jspecify.annotations.NullMarked
package io.newapi.core.pricing;
