package io.newapi.core.pricing;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One line of a charge: so many of something, times every ratio that applies. A charge is the sum of its lines, so the
 * explanation of an amount and its computation are the same thing.
 *
 * @param what the thing counted, in words: {@code "cached tokens"}
 * @param count how many
 * @param factors what one of them is multiplied by, to give quota units
 */
public record ChargeLine(String what, long count, List<Factor> factors) {

    /**
     * A ratio under its name.
     *
     * @param name in words: {@code "group ratio"}
     * @param ratio the multiplier
     */
    public record Factor(String name, Ratio ratio) {

        @Override
        public String toString() {
            return ratio + " (" + name + ")";
        }
    }

    /** Keeps its own copy of the factors. */
    public ChargeLine {
        factors = List.copyOf(factors);
    }

    /** The product, exact, in quota units. */
    public BigDecimal exact() {
        BigDecimal product = BigDecimal.valueOf(count);
        for (Factor factor : factors) {
            product = product.multiply(factor.ratio().toBigDecimal());
        }
        return product;
    }

    /** The product as plain decimal text without trailing zeros. */
    public String subtotal() {
        return Ratio.plain(exact()).toPlainString();
    }

    /** The line as an equation: {@code 500 x 4 (completion ratio) x 1.25 (model ratio) = 2500}. */
    @Override
    public String toString() {
        return what + ": " + count + " x "
                + factors.stream().map(Factor::toString).collect(Collectors.joining(" x ")) + " = " + subtotal();
    }
}
