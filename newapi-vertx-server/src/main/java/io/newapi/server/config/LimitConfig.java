package io.newapi.server.config;

import java.time.Duration;

/**
 * How many requests one client address may make.
 *
 * @param globalApi for the administration API ({@code GA})
 * @param critical for logins, registrations and the like ({@code CT})
 */
public record LimitConfig(RequestLimit globalApi, RequestLimit critical) {

    /**
     * So many requests in so long.
     *
     * @param enabled whether requests are limited at all
     * @param requests how many, at least 1
     * @param window in how long, at least one second
     */
    public record RequestLimit(boolean enabled, int requests, Duration window) {}

    /** The three variables of one limit. */
    private record Declared(Variable<Boolean> enabled, Variable<Integer> requests, Variable<Duration> window) {

        static Declared of(String prefix, int requests, int seconds, String what) {
            return new Declared(
                    Variable.of(prefix + "_ENABLE", Kind.bool(), "true", "Limit " + what + " per client address."),
                    Variable.of(
                            prefix,
                            Kind.wholeNumber(1, 1_000_000),
                            String.valueOf(requests),
                            "How many requests per client address and window."),
                    Variable.of(
                            prefix + "_DURATION",
                            Kind.seconds(1, 86_400),
                            String.valueOf(seconds),
                            "Length of the window."));
        }

        RequestLimit read(Settings settings) {
            return new RequestLimit(settings.get(enabled), settings.get(requests), settings.get(window));
        }
    }

    private static final Declared GLOBAL_API =
            Declared.of("GLOBAL_API_RATE_LIMIT", 180, 180, "requests to the administration API");
    private static final Declared CRITICAL =
            Declared.of("CRITICAL_RATE_LIMIT", 20, 1200, "logins, registrations and other guesses at secrets");

    static final Section SECTION = Section.of(
            "Request limits",
            GLOBAL_API.enabled(),
            GLOBAL_API.requests(),
            GLOBAL_API.window(),
            CRITICAL.enabled(),
            CRITICAL.requests(),
            CRITICAL.window());

    static LimitConfig read(Settings settings) {
        return new LimitConfig(GLOBAL_API.read(settings), CRITICAL.read(settings));
    }
}
