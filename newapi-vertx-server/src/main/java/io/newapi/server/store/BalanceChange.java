package io.newapi.server.store;

/**
 * A change of a balance that was made.
 *
 * @param before the total before it
 * @param after the total after it
 * @param recalled whether nodes were asked to give back what they hold, because the column went below zero
 */
public record BalanceChange(long before, long after, boolean recalled) {

    /** What was added; negative for what was taken. */
    public long amount() {
        return after - before;
    }
}
