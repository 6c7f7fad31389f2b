package io.newapi.core.quota;

/**
 * What is left of an allowance: signed, because one call may settle above its reservation.
 *
 * @param units quota units
 */
public record QuotaBalance(long units) {

    /** Whether at least {@code amount} is left. */
    public boolean covers(Quota amount) {
        return units >= amount.units();
    }

    /** @throws ArithmeticException if the difference exceeds 64 bits */
    public QuotaBalance minus(Quota amount) {
        return new QuotaBalance(Math.subtractExact(units, amount.units()));
    }

    @Override
    public String toString() {
        return Long.toString(units);
    }
}
