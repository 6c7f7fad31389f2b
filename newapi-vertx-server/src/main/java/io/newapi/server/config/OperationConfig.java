package io.newapi.server.config;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a node comes and goes, and who may watch it.
 *
 * @param drainDelay how long a node that was asked to stop still takes calls, while it says that it is not ready
 * @param databaseWait how long a start waits for a database that cannot be reached; zero: not at all
 * @param metricsToken who has it may read the metrics; empty: the private network may
 */
public record OperationConfig(Duration drainDelay, Duration databaseWait, Optional<Secret> metricsToken) {

    private static final int SHORT = 16;

    /** Longer than anybody waits. */
    static final Duration WITHOUT_END = Duration.ofDays(36_500);

    static final Variable<Duration> DRAIN_DELAY = Variable.of(
            "NEWAPI_DRAIN_DELAY_SECONDS",
            Kind.seconds(0, 3600),
            "0",
            "How long after SIGTERM calls are still taken while /readyz says no, for load balancers that ask it now and"
                    + " then. A part of SHUTDOWN_TIMEOUT_SECONDS, and shorter than it.");

    private static final Kind<Duration> SECONDS = Kind.seconds(0, 86_400);

    static final Variable<Duration> DATABASE_WAIT = Variable.computed(
            "NEWAPI_DATABASE_WAIT_SECONDS",
            new Kind<>(SECONDS.type(), SECONDS.unit(), SECONDS.range(), SECONDS.reader(), OperationConfig::shown),
            "without end",
            "How long a start waits for a database server of SQL_DSN that cannot be reached; 0 = not at all.");

    static final Variable<Optional<Secret>> METRICS_TOKEN = Variable.of(
                    "NEWAPI_METRICS_TOKEN",
                    new Kind<>("secret", "", "", OperationConfig::token, token -> token.isPresent() ? "***" : ""),
                    "",
                    "Whoever sends it as Authorization: Bearer may read /metrics. Unset, whoever connects from a loopback or"
                            + " private address may, unless a proxy forwards for him.")
            .hidden();

    static final Section SECTION = Section.of("Operation", DRAIN_DELAY, DATABASE_WAIT, METRICS_TOKEN);

    /** @param shutdownTimeout what the delay is a part of */
    static OperationConfig read(Settings settings, Duration shutdownTimeout) {
        Duration delay = settings.get(DRAIN_DELAY);
        if (!delay.isZero() && delay.compareTo(shutdownTimeout) >= 0) {
            settings.problem(
                    DRAIN_DELAY,
                    String.valueOf(delay.toSeconds()),
                    "must be less than SHUTDOWN_TIMEOUT_SECONDS, which is " + shutdownTimeout.toSeconds());
        }
        return new OperationConfig(delay, settings.get(DATABASE_WAIT, () -> WITHOUT_END), settings.get(METRICS_TOKEN));
    }

    private static Optional<Secret> token(String text, Consumer<String> warn) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.length() < SHORT) {
            warn.accept("is shorter than " + SHORT + " characters and can be guessed");
        }
        return Optional.of(Secret.of(text));
    }

    private static String shown(Duration wait) {
        return wait.equals(WITHOUT_END) ? "without end" : String.valueOf(wait.toSeconds());
    }
}
