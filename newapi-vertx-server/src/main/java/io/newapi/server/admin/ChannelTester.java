package io.newapi.server.admin;

import io.vertx.core.Future;

/** Sends one small call through a channel, past the selection of channels; implemented by the relay. Thread-safe. */
@FunctionalInterface
public interface ChannelTester {

    /**
     * Tests a channel.
     *
     * @param channelId the channel, enabled or not
     * @param model the model to ask for; "" for the channel's test model, else its first model
     * @return completed with the outcome, a failed test included; failed only if the test could not be made
     */
    Future<ChannelTestResult> test(long channelId, String model);
}
