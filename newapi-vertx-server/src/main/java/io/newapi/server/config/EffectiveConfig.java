package io.newapi.server.config;

import java.util.stream.Collectors;

/** Writes what took effect, in the form of a {@code .env} file, secrets masked. */
final class EffectiveConfig {

    private EffectiveConfig() {}

    static String text(Settings settings, LogConfig log) {
        String values = settings.effective().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue().text() + "  # "
                        + entry.getValue().source() + "\n")
                .collect(Collectors.joining());
        String warnings = settings.warnings().stream()
                .map(warning -> "# warning: " + warning + "\n")
                .collect(Collectors.joining());
        return values + "# log directory: " + (log.dir() == null ? "none" : log.dir()) + "\n" + warnings
                + "# the configuration is valid\n";
    }
}
