package io.newapi.core.pricing;

import io.newapi.core.quota.Quota;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * What one call costs, and why: the amount, the lines that it is the sum of, and what a log row says of it. Immutable. The
 * lines are made anew each time they are asked for.
 */
public final class Charge {

    private final Bill bill;
    private final Quota quota;

    private Charge(Bill bill, Quota quota) {
        this.bill = bill;
        this.quota = quota;
    }

    /**
     * The charge that the lines of {@code bill} sum up to.
     *
     * @throws AmountOverflowException if the amount exceeds 64 bits
     */
    static Charge summing(Bill bill) {
        Quota rounded = Rounding.toQuota(sum(bill.lines()));
        return new Charge(bill, Quota.of(withMinimum(rounded.units(), bill.nothingUsed(), bill.free())));
    }

    /** The charge of {@code bill} where its rounded sum is known. */
    static Charge of(Bill bill, long quotaUnits) {
        return new Charge(bill, Quota.of(quotaUnits));
    }

    /** What was used and has a price costs at least 1. */
    static long withMinimum(long rounded, boolean nothingUsed, boolean free) {
        return rounded == 0 && !nothingUsed && !free ? 1 : rounded;
    }

    private static BigDecimal sum(List<ChargeLine> lines) {
        BigDecimal sum = BigDecimal.ZERO;
        for (ChargeLine line : lines) {
            sum = sum.add(line.exact());
        }
        return sum;
    }

    /** The amount to settle. */
    public Quota quota() {
        return quota;
    }

    /** The sum of the lines, in quota units, before it is rounded and before the minimum. */
    public BigDecimal exact() {
        return sum(bill.lines());
    }

    /** What the charge is the sum of, one line for each kind of thing that was used; empty if nothing was. */
    public List<ChargeLine> lines() {
        return bill.lines();
    }

    /**
     * Whether the upstream counted more cached, written, image and separately priced audio tokens than the prompt that
     * includes them, so that no plain prompt token was left to charge.
     */
    public boolean baseClamped() {
        return bill.baseClamped();
    }

    /**
     * What a log row's {@code other} says of the price, in a fixed order. Values are {@link Long}, {@link BigDecimal},
     * {@link Boolean} or {@link String}. Token ratios are 0 when the call was priced as a whole; {@code model_price} is
     * -1 when it was not, {@code user_group_ratio} when no special ratio applied.
     */
    public Map<String, Object> other() {
        LogFields fields = new LogFields();
        bill.log(fields);
        if (baseClamped()) {
            fields.flag("base_clamped");
        }
        return fields.toMap();
    }

    /** The charge in words and equations, one line each, for people. */
    public String explain() {
        StringBuilder text = new StringBuilder(bill.model()).append('\n');
        for (ChargeLine line : lines()) {
            text.append("  ").append(line).append('\n');
        }
        if (baseClamped()) {
            text.append("  cached, written and image tokens exceed the prompt: no plain prompt tokens are charged\n");
        }
        for (String remark : bill.remarks()) {
            text.append("  ").append(remark).append('\n');
        }
        return text.append("  ").append(conclusion()).toString();
    }

    private String conclusion() {
        if (bill.nothingUsed()) {
            return "no tokens used: charged 0";
        }
        BigDecimal exact = exact();
        if (bill.free() && exact.signum() == 0) {
            return "free: charged 0";
        }
        String charged = "sum " + Ratio.plain(exact).toPlainString() + ": charged " + quota;
        if (exact.compareTo(BigDecimal.valueOf(quota.units())) == 0) {
            return charged;
        }
        return charged + (Rounding.toQuota(exact).equals(quota) ? ", rounded" : ", the minimum");
    }

    @Override
    public String toString() {
        return "Charge[" + bill.model() + ", " + quota + "]";
    }
}
