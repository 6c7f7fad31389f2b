package io.newapi.server.admin;

import io.vertx.core.Future;

/** Sends one small call through a channel, past the selection of channels; implemented by the relay. Thread-safe. */
@FunctionalInterface
public interface ChannelTester {

    /**
     * Tests a channel. Blocks for look-ups: for worker threads.
     *
     * @param channelId the channel, enabled or not
     * @param model the model to ask for; "" for the channel's test model, else its first model
     * @param privateAllowed whether the channel's host may be in a private network; see {@link io.newapi.server.outbound.OutboundAddresses}
     * @return completed with the outcome, a failed test included; failed only if the test could not be made
     */
    Future<ChannelTestResult> test(long channelId, String model, boolean privateAllowed);
}
