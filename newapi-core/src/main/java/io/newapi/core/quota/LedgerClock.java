package io.newapi.core.quota;

import java.time.Clock;

/** The two clocks that a ledger reads. Never compared across machines. Thread-safe. */
public interface LedgerClock {

    /** Nanoseconds of a clock that does not jump; only differences mean something. */
    long nanoTime();

    /** Milliseconds since 1970: notices a machine that slept, while the other clock stood still. */
    long wallMillis();

    /** The machine's own clocks. */
    static LedgerClock system() {
        Clock wall = Clock.systemUTC();
        return new LedgerClock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public long wallMillis() {
                return wall.millis();
            }
        };
    }
}
