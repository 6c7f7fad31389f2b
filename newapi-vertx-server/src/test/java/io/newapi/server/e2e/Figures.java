package io.newapi.server.e2e;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics of a node, read as strictly as Prometheus does: every family is announced once and stands together. */
record Figures(Map<String, Double> samples) {

    private static final Pattern HELP = Pattern.compile("# HELP ([a-z_0-9]+) \\S.*");
    private static final Pattern TYPE = Pattern.compile("# TYPE ([a-z_0-9]+) (counter|gauge|histogram|summary)");
    private static final Pattern SAMPLE =
            Pattern.compile("(([a-z_0-9]+)(?:\\{LABEL(?:,LABEL)*})?) (-?[0-9]+(?:\\.[0-9]+)?(?:E-?[0-9]+)?|NaN)"
                    .replace("LABEL", "[a-z_]+=\"(?:[^\"\\\\]|\\\\.)*\""));

    /** What a node tells whoever is in its network. */
    static Figures of(TestNode node) {
        return read(Line.once(node.port(), "GET", "/metrics").body());
    }

    static Figures read(String text) {
        Map<String, Double> samples = new LinkedHashMap<>();
        Set<String> families = new HashSet<>();
        String family = "";
        String announced = "";
        if (!text.endsWith("\n")) {
            throw new AssertionError("the last line has no end");
        }
        for (String line : text.split("\n", -1)) {
            Matcher help = HELP.matcher(line);
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (help.matches()) {
                announced = help.group(1);
            } else if (type.matches()) {
                family = type.group(1);
                if (!family.equals(announced) || !families.add(family)) {
                    throw new AssertionError("a family that is not announced, or twice: " + line);
                }
            } else if (sample.matches()) {
                String name = sample.group(2).replaceAll("_(bucket|sum|count)$", "");
                boolean own = sample.group(2).equals(family) || name.equals(family);
                if (!own || samples.put(sample.group(1), Double.valueOf(sample.group(3))) != null) {
                    throw new AssertionError("a sample at the wrong place, or twice: " + line);
                }
            } else if (!line.isEmpty()) {
                throw new AssertionError("not of the format: " + line);
            }
        }
        return new Figures(samples);
    }

    double of(String sample) {
        Double value = samples.get(sample);
        if (value == null) {
            throw new AssertionError("there is no " + sample + " in " + samples.keySet());
        }
        return value;
    }
}
