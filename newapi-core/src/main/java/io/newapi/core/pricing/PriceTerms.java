package io.newapi.core.pricing;

import io.newapi.core.pricing.expression.Circumstances;

/**
 * What is the same for every model of a price book.
 *
 * @param quotaPerUnit quota units for 1 USD
 * @param preConsumedTokens the fewest input tokens that a reservation counts with
 * @param tools what tools cost
 * @param circumstances what expressions see when nobody names a request
 */
record PriceTerms(Ratio quotaPerUnit, long preConsumedTokens, ToolPrices tools, Circumstances circumstances) {}
