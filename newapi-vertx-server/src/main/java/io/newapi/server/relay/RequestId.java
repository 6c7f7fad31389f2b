package io.newapi.server.relay;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.random.RandomGenerator;

/** Makes the ids of requests: local time to the second, the nanoseconds within it, and 8 random characters. */
public final class RequestId {

    /** The response header that carries the id. */
    public static final String HEADER = "X-Oneapi-Request-Id";

    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final int RANDOM_CHARS = 8;

    private final InstantSource clock;
    private final ZoneId zone;
    private final RandomGenerator random;

    /** @param random thread-safe; ids need not be secret, only different */
    public RequestId(InstantSource clock, ZoneId zone, RandomGenerator random) {
        this.clock = clock;
        this.zone = zone;
        this.random = random;
    }

    /** A new id. Thread-safe. */
    public String next() {
        Instant now = clock.instant();
        StringBuilder id = new StringBuilder(32);
        id.append(SECOND.format(now.atZone(zone))).append(now.get(ChronoField.NANO_OF_SECOND));
        for (int i = 0; i < RANDOM_CHARS; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }
}
