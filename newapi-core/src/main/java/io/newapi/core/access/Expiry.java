package io.newapi.core.access;

import java.time.Instant;

/** Until when a token may be used. */
public sealed interface Expiry {

    /** How {@link Never} is stored: New API's own mark. */
    long NEVER_CODE = -1;

    /** Whether the token may no longer be used at {@code now}. The last instant itself is still good. */
    boolean passed(Instant now);

    /** Seconds since 1970 in UTC, or {@link #NEVER_CODE}: the stored form. */
    long epochSecond();

    /** No end. */
    static Expiry never() {
        return Never.INSTANCE;
    }

    /** Good up to and including {@code last}. */
    static Expiry at(Instant last) {
        return new At(last);
    }

    /**
     * Reads the stored form. Exactly {@link #NEVER_CODE} means never; any other number is a time, so 0 and the other
     * negative numbers are long past. Numbers too large for a calendar read as the last instant there is.
     */
    static Expiry ofEpochSecond(long epochSecond) {
        if (epochSecond == NEVER_CODE) {
            return never();
        }
        long bounded = Math.max(Instant.MIN.getEpochSecond(), Math.min(Instant.MAX.getEpochSecond(), epochSecond));
        return at(Instant.ofEpochSecond(bounded));
    }

    /** No end. */
    record Never() implements Expiry {
        private static final Never INSTANCE = new Never();

        @Override
        public boolean passed(Instant now) {
            return false;
        }

        @Override
        public long epochSecond() {
            return NEVER_CODE;
        }
    }

    /**
     * A last instant.
     *
     * @param last the last instant at which the token is good
     */
    record At(Instant last) implements Expiry {
        @Override
        public boolean passed(Instant now) {
            return now.isAfter(last);
        }

        @Override
        public long epochSecond() {
            return last.getEpochSecond();
        }
    }
}
