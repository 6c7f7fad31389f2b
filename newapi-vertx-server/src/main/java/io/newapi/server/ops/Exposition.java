package io.newapi.server.ops;

import java.util.Locale;

/**
 * Writes figures in the text format 0.0.4 of Prometheus. Each family is begun once, and its samples follow.
 *
 * <p>Not thread-safe; made for one answer.
 */
final class Exposition {

    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder(8 * 1024);
    private String family = "";

    /** What a family's figures mean. */
    enum Type {
        /** Only grows, and begins at zero with the process. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Counts by size. */
        HISTOGRAM,
        /** A sum and a count. */
        SUMMARY
    }

    /**
     * Begins a family.
     *
     * @param help one sentence without a line break
     */
    Exposition family(String name, Type type, String help) {
        family = name;
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ")
                .append(name)
                .append(' ')
                .append(type.name().toLowerCase(Locale.ROOT))
                .append('\n');
        return this;
    }

    /** A family of one counter. */
    void counter(String name, String help, long value) {
        family(name, Type.COUNTER, help).sample(value);
    }

    /** A family of one gauge. */
    void gauge(String name, String help, long value) {
        family(name, Type.GAUGE, help).sample(value);
    }

    /** A family of one gauge. */
    void gauge(String name, String help, double value) {
        family(name, Type.GAUGE, help).sample(value);
    }

    /** The family's only figure. */
    Exposition sample(long value) {
        return line("", "", "", Long.toString(value));
    }

    /** The family's only figure. */
    Exposition sample(double value) {
        return line("", "", "", number(value));
    }

    /** One of the family's figures. */
    Exposition sample(String label, String labelValue, long value) {
        return line("", label, labelValue, Long.toString(value));
    }

    /** A figure of a histogram or summary: {@code suffix} is {@code _bucket} or {@code _count}. */
    Exposition part(String suffix, String label, String labelValue, long value) {
        return line(suffix, label, labelValue, Long.toString(value));
    }

    /** The sum of a histogram or summary. */
    Exposition sum(String label, String labelValue, double value) {
        return line("_sum", label, labelValue, number(value));
    }

    private Exposition line(String suffix, String label, String labelValue, String value) {
        text.append(family).append(suffix);
        if (!label.isEmpty()) {
            text.append('{')
                    .append(label)
                    .append("=\"")
                    .append(escaped(labelValue))
                    .append("\"}");
        }
        text.append(' ').append(value).append('\n');
        return this;
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
