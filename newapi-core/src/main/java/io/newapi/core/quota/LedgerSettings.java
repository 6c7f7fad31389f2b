package io.newapi.core.quota;

import java.time.Duration;

/**
 * How a {@link LeasedLedger} behaves in time.
 *
 * @param bookingDelay how long a settlement may wait in the journal before it is booked with its neighbours
 * @param heartbeat the longest time between two exchanges
 * @param lease how long a node spends from its slices without a successful exchange; {@link #NO_DEADLINE} where nobody
 *     else ever takes them back
 * @param idleReturn after how long without use a slice is given back
 * @param patience how long a caller waits for quota that may still come; three times as long while its own question to the
 *     authority is under way
 * @param refusalMemory how long it is remembered that a balance does not suffice, so that somebody who is broke and goes
 *     on calling does not keep the authority busy; {@link LeasedLedger#poke} forgets it. Zero where asking costs nothing
 */
public record LedgerSettings(
        Duration bookingDelay,
        Duration heartbeat,
        Duration lease,
        Duration idleReturn,
        Duration patience,
        Duration refusalMemory) {

    /** A lease that does not end: a hundred years. */
    public static final Duration NO_DEADLINE = Duration.ofDays(36_500);

    /**
     * Booked within 100 ms, heartbeat 15 s, slices usable for 90 s, returned after 30 s, patience 2 s, every refusal asked
     * for.
     */
    public static final LedgerSettings DEFAULT = new LedgerSettings(
            Duration.ofMillis(100),
            Duration.ofSeconds(15),
            Duration.ofSeconds(90),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ZERO);

    /** @throws IllegalArgumentException if a duration is negative, or the lease is shorter than two heartbeats */
    public LedgerSettings {
        if (bookingDelay.isNegative()
                || idleReturn.isNegative()
                || patience.isNegative()
                || refusalMemory.isNegative()) {
            throw new IllegalArgumentException(
                    "negative duration: " + bookingDelay + ", " + idleReturn + ", " + patience + ", " + refusalMemory);
        }
        if (heartbeat.isNegative() || heartbeat.isZero() || lease.compareTo(heartbeat.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "a lease of " + lease + " does not outlive two heartbeats of " + heartbeat);
        }
    }

    /** The same with another booking delay. */
    public LedgerSettings withBookingDelay(Duration delay) {
        return new LedgerSettings(delay, heartbeat, lease, idleReturn, patience, refusalMemory);
    }

    /** The same with another longest time between two exchanges. */
    public LedgerSettings withHeartbeat(Duration longest) {
        return new LedgerSettings(bookingDelay, longest, lease, idleReturn, patience, refusalMemory);
    }

    /**
     * The same with another lease, and with exchanges often enough to renew it in time.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public LedgerSettings withLease(Duration spending) {
        Duration third = spending.dividedBy(3);
        Duration often = third.compareTo(heartbeat) < 0 ? third : heartbeat;
        return new LedgerSettings(bookingDelay, often, spending, idleReturn, patience, refusalMemory);
    }

    /** The same with another time after which an idle slice is given back. */
    public LedgerSettings withIdleReturn(Duration after) {
        return new LedgerSettings(bookingDelay, heartbeat, lease, after, patience, refusalMemory);
    }

    /** The same with another time for which a refusal is remembered. */
    public LedgerSettings withRefusalMemory(Duration time) {
        return new LedgerSettings(bookingDelay, heartbeat, lease, idleReturn, patience, time);
    }
}
