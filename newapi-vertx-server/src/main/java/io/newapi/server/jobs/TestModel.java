package io.newapi.server.jobs;

import io.newapi.core.channel.Channel;

/** Which model a channel is tested with when nobody names one. */
public final class TestModel {

    private static final String LAST_RESORT = "gpt-4o-mini";

    private TestModel() {}

    /**
     * The one that the channel is to be tested with, else its first, else one that most providers have.
     *
     * @param testModel as it is stored with the channel; may be blank
     */
    public static String of(String testModel, Channel channel) {
        return testModel.isBlank() ? channel.models().stream().findFirst().orElse(LAST_RESORT) : testModel.strip();
    }
}
