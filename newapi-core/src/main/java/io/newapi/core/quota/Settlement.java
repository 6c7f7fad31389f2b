package io.newapi.core.quota;

/**
 * What a call really cost, as it is journalled and later booked.
 *
 * @param requestId the call's own id, at most 64 characters; never taken from a client
 * @param charge what is charged, at most {@value #MAX_CHARGE_UNITS} units
 * @param channelId the channel that served the call, or 0
 * @param requests how many requests to count in the statistics: 1, or 0 for a call that used nothing
 * @param promptTokens text units read, for statistics
 * @param completionTokens text units written, for statistics
 * @param settledAtSeconds when, in seconds since 1970
 * @param detail an opaque record that is kept with the charge and handed to the authority in the same
 *     transaction (a gateway puts its log row here); at most {@value #MAX_DETAIL_CHARS} characters
 */
public record Settlement(
        String requestId,
        Quota charge,
        long channelId,
        int requests,
        long promptTokens,
        long completionTokens,
        long settledAtSeconds,
        String detail) {

    /** The largest detail that a journal takes. */
    public static final int MAX_DETAIL_CHARS = 16 * 1024;

    /**
     * The largest charge of one call, about 18 billion USD at 500,000 units each: no sum of such charges that a balance
     * could meet leaves 64 bits, and every reader of JSON takes them exactly.
     */
    public static final long MAX_CHARGE_UNITS = 1L << 53;

    private static final int MAX_REQUEST_ID_CHARS = 64;

    /** @throws IllegalArgumentException if a field is out of its range */
    public Settlement {
        if (requestId.isEmpty() || requestId.length() > MAX_REQUEST_ID_CHARS) {
            throw new IllegalArgumentException("request id must have 1 to 64 characters: " + requestId.length());
        }
        if (charge.units() > MAX_CHARGE_UNITS) {
            throw new IllegalArgumentException("no call costs " + charge + " units; the limit is " + MAX_CHARGE_UNITS);
        }
        if (channelId < 0 || requests < 0 || promptTokens < 0 || completionTokens < 0) {
            throw new IllegalArgumentException("a settlement has no negative figures: channel " + channelId
                    + ", requests " + requests + ", tokens " + promptTokens + " and " + completionTokens);
        }
        if (detail.length() > MAX_DETAIL_CHARS) {
            throw new IllegalArgumentException(
                    "detail has " + detail.length() + " characters, more than " + MAX_DETAIL_CHARS);
        }
    }

    /** A charge with no statistics and no detail, as an embedding program needs it. */
    public static Settlement of(String requestId, Quota charge) {
        return new Settlement(requestId, charge, 0, 1, 0, 0, 0, "");
    }
}
