package io.newapi.server.jobs;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.FailureReport;
import io.newapi.core.channel.SelectedKey;
import java.time.Duration;
import java.util.Optional;

/** Sends one small call through a channel with one of its keys. */
@FunctionalInterface
public interface KeyTest {

    /**
     * How it went.
     *
     * @param passed whether the upstream answered as it should
     * @param time how long that took
     * @param refusal what the upstream said when it refused
     */
    record Outcome(boolean passed, Duration time, Optional<FailureReport> refusal) {}

    /** Tests the key, enabled or not. Blocks until it is known; does not fail. */
    Outcome test(Channel channel, SelectedKey key, String model);
}
