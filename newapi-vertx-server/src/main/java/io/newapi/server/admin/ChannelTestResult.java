package io.newapi.server.admin;

import java.time.Duration;

/**
 * How a channel's test went.
 *
 * @param success whether the upstream answered as it should
 * @param message what went wrong, "" on success; must not contain a key
 * @param time how long the upstream took
 */
public record ChannelTestResult(boolean success, String message, Duration time) {}
