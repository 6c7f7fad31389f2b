package io.newapi.core.pricing;

import io.newapi.core.pricing.ChargeLine.Factor;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the lines of a bill; every line ends with the group's ratio. */
final class Lines {

    private static final BigDecimal ONE_THOUSANDTH = new BigDecimal("0.001");
    private static final BigDecimal ONE_MILLIONTH = new BigDecimal("0.000001");

    private final List<ChargeLine> lines = new ArrayList<>();
    private final Factor group;
    private final Factor quotaPerUsd;

    Lines(GroupRatio group, Ratio quotaPerUnit) {
        this.group = new Factor("group ratio", group.ratio());
        this.quotaPerUsd = new Factor("quota per USD", quotaPerUnit);
    }

    /** So many tokens at their ratios; nothing for none. */
    void tokens(String what, long count, Ratio modelRatio, Factor... ofItsKind) {
        List<Factor> factors = new ArrayList<>(Arrays.asList(ofItsKind));
        factors.add(new Factor("model ratio", modelRatio));
        add(what, count, factors);
    }

    /** So many things at a price in USD for each. */
    void priced(String what, long count, Factor... usd) {
        List<Factor> factors = new ArrayList<>(Arrays.asList(usd));
        factors.add(quotaPerUsd);
        add(what, count, factors);
    }

    /** So many things at a price in USD for a thousand. */
    void pricedByThousand(String what, long count, Ratio usd) {
        priced(what, count, new Factor("USD per 1000", usd), new Factor("for one", ONE_THOUSANDTH));
    }

    /** So many things at a price in USD for a million. */
    void pricedByMillion(String what, long count, Factor usd) {
        priced(what, count, usd, new Factor("for one", ONE_MILLIONTH));
    }

    /** An amount that includes the group's ratio already. */
    void amount(String what, long quotaUnits) {
        if (quotaUnits != 0) {
            lines.add(new ChargeLine(what, quotaUnits, List.of()));
        }
    }

    private void add(String what, long count, List<Factor> factors) {
        if (count != 0) {
            factors.add(group);
            lines.add(new ChargeLine(what, count, factors));
        }
    }

    /** Multiplies every line that is there so far. */
    void times(Factor factor) {
        lines.replaceAll(line -> line.times(factor));
    }

    List<ChargeLine> toList() {
        return List.copyOf(lines);
    }
}
