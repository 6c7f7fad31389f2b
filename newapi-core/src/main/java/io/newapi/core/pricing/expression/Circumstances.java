package io.newapi.core.pricing.expression;

import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * What an expression may depend on besides token counts.
 *
 * @param request the request that is priced
 * @param clock tells the time functions the time
 * @param zone the time zone of time functions that name none
 */
public record Circumstances(RequestFacts request, InstantSource clock, ZoneId zone) {

    /** No request, at the time that {@code clock} tells, in UTC. */
    public static Circumstances at(InstantSource clock) {
        return new Circumstances(RequestFacts.NONE, clock, ZoneOffset.UTC);
    }

    /** The same clock and zone for a request. */
    public Circumstances of(RequestFacts facts) {
        return new Circumstances(facts, clock, zone);
    }
}
