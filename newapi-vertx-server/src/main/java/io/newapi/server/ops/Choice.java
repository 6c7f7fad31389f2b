package io.newapi.server.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.Supplier;

/** Figures for all that there can be, of which one is 1 and the others are 0. */
final class Choice {

    private Choice() {}

    /**
     * Adds them.
     *
     * @param label which one, in small letters
     * @param kinds all there can be
     */
    static <K extends Enum<K>> void add(
            MeterRegistry registry, String name, String label, String help, Class<K> kinds, Supplier<K> chosen) {
        for (K kind : kinds.getEnumConstants()) {
            Gauge.builder(name, () -> chosen.get() == kind ? 1 : 0)
                    .description(help)
                    .tag(label, kind.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }
}
