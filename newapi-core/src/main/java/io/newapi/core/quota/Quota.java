package io.newapi.core.quota;

/**
 * An amount of quota: never negative. 500,000 units are worth 1 USD unless the price book says otherwise.
 *
 * @param units quota units, from 0 to {@link Long#MAX_VALUE}
 */
public record Quota(long units) implements Comparable<Quota> {

    /** Nothing. */
    public static final Quota ZERO = new Quota(0);

    /** @throws IllegalArgumentException if {@code units} is negative */
    public Quota {
        if (units < 0) {
            throw new IllegalArgumentException("quota must not be negative: " + units);
        }
    }

    /** The amount of {@code units} quota units. */
    public static Quota of(long units) {
        return units == 0 ? ZERO : new Quota(units);
    }

    /** @throws ArithmeticException if the sum exceeds 64 bits */
    public Quota plus(Quota other) {
        return of(Math.addExact(units, other.units));
    }

    /** The larger of the two amounts. */
    public Quota max(Quota other) {
        return units >= other.units ? this : other;
    }

    /** Whether this is nothing at all. */
    public boolean isZero() {
        return units == 0;
    }

    @Override
    public int compareTo(Quota other) {
        return Long.compare(units, other.units);
    }

    @Override
    public String toString() {
        return Long.toString(units);
    }
}
