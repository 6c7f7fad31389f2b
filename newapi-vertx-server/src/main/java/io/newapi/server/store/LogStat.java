package io.newapi.server.store;

/**
 * Sums over charged calls.
 *
 * @param quota quota units in the whole range
 * @param requestsPerMinute calls of the last 60 seconds, whatever the range
 * @param tokensPerMinute text tokens of the last 60 seconds, whatever the range
 */
public record LogStat(long quota, long requestsPerMinute, long tokensPerMinute) {}
