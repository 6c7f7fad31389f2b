package io.newapi.server.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What a node does by itself about channels.
 *
 * @param channelTests the period in which the master tests channels; empty: as the options say
 * @param channelPause between two channels in such a round
 * @param notices how often in a window root is told of the same about a channel
 * @param noticeWindow that window
 */
public record DutiesConfig(Optional<Duration> channelTests, Duration channelPause, int notices, Duration noticeWindow) {

    private static final int MINUTES_IN_A_YEAR = 525_600;

    static final Variable<Duration> CHANNEL_TEST_FREQUENCY = Variable.of(
            "CHANNEL_TEST_FREQUENCY",
            Kind.minutes(0, MINUTES_IN_A_YEAR),
            "0",
            "Period in which the master tests channels, whatever monitor_setting.* says; 0 = as that says.");

    static final Variable<Duration> POLLING_INTERVAL = Variable.of(
            "POLLING_INTERVAL", Kind.seconds(0, 3600), "0", "Pause between two channels when all are tested.");

    static final Variable<Integer> NOTIFY_LIMIT_COUNT = Variable.of(
            "NOTIFY_LIMIT_COUNT",
            Kind.wholeNumber(0, 1_000_000),
            "2",
            "How often in a window this node tells root that the same channel was disabled or enabled.");

    static final Variable<Duration> NOTIFICATION_LIMIT_DURATION_MINUTE = Variable.of(
            "NOTIFICATION_LIMIT_DURATION_MINUTE", Kind.minutes(1, MINUTES_IN_A_YEAR), "10", "Length of the window.");

    static final Section SECTION = Section.of(
            "Channels",
            CHANNEL_TEST_FREQUENCY,
            POLLING_INTERVAL,
            NOTIFY_LIMIT_COUNT,
            NOTIFICATION_LIMIT_DURATION_MINUTE);

    static DutiesConfig read(Settings settings) {
        return new DutiesConfig(
                Optional.of(settings.get(CHANNEL_TEST_FREQUENCY)).filter(period -> !period.isZero()),
                settings.get(POLLING_INTERVAL),
                settings.get(NOTIFY_LIMIT_COUNT),
                settings.get(NOTIFICATION_LIMIT_DURATION_MINUTE));
    }
}
