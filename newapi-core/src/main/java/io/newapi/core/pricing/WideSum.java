package io.newapi.core.pricing;

/**
 * A sum of products of non-negative longs, exact in 128 bits. It lives within one method of one thread, where the compiler
 * keeps it in registers.
 */
final class WideSum {

    private long high;
    private long low;

    /**
     * Adds {@code count * rate}.
     *
     * @param count from 0 to 2^55
     * @param rate from 0 to 2^62, so that some thousand products cannot overflow
     */
    void add(long count, long rate) {
        if (count == 0) {
            return;
        }
        long product = count * rate;
        high += Math.multiplyHigh(count, rate);
        low += product;
        if (Long.compareUnsigned(low, product) < 0) {
            high++;
        }
    }

    /** The sum divided by 10 to the power of {@code scale}, as {@link Rounding#halfUp}. */
    long halfUp(int scale) {
        return Rounding.halfUp(high, low, scale);
    }
}
