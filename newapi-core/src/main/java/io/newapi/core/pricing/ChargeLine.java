package io.newapi.core.pricing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One line of a charge: so many of something, times every ratio that applies. A charge is the sum of its lines.
 *
 * @param what the thing counted, in words: {@code "cached tokens"}
 * @param count how many
 * @param factors what one of them is multiplied by, to give quota units
 */
public record ChargeLine(String what, long count, List<Factor> factors) {

    /**
     * A number under its name.
     *
     * @param name in words: {@code "group ratio"}
     * @param value the multiplier
     */
    public record Factor(String name, BigDecimal value) {

        Factor(String name, Ratio ratio) {
            this(name, ratio.toBigDecimal());
        }

        @Override
        public String toString() {
            return Ratio.plain(value).toPlainString() + " (" + name + ")";
        }
    }

    /** Keeps its own copy of the factors. */
    public ChargeLine {
        factors = List.copyOf(factors);
    }

    /** The same line multiplied once more. */
    ChargeLine times(Factor factor) {
        List<Factor> more = new ArrayList<>(factors);
        more.add(factor);
        return new ChargeLine(what, count, more);
    }

    /** The product, exact, in quota units. */
    public BigDecimal exact() {
        BigDecimal product = BigDecimal.valueOf(count);
        for (Factor factor : factors) {
            product = product.multiply(factor.value());
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
