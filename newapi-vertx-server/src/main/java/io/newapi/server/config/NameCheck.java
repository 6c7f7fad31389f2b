package io.newapi.server.config;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds names that were probably meant to be others: a typo must not leave a setting silently at its default. */
final class NameCheck {

    private static final String PREFIX = "NEWAPI_";

    /** Read by the command line and by scripts around the server. */
    private static final Set<String> FOR_OTHERS = Set.of(
            "NEWAPI_URL",
            "NEWAPI_TOKEN",
            "NEWAPI_USER_ID",
            "NEWAPI_CONFIG",
            "NEWAPI_PROFILE",
            "NEWAPI_USERNAME",
            "NEWAPI_PASSWORD",
            "NEWAPI_2FA_CODE",
            "NEWAPI_DEBUG",
            "NEWAPI_SANDBOX_JAR",
            "NEWAPI_CLI_JAR",
            "NEWAPI_JAVA_OPTS");

    /** What Kubernetes sets in every container for a service whose name starts with {@code newapi}. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("NEWAPI_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_\\w+)?)?)");

    /** Below this length, names of one letter's difference are too common to mean anything. */
    private static final int SHORTEST_TYPO = 4;

    private NameCheck() {}

    /** What the command line and the scripts read, by name in the order of the alphabet. */
    static Stream<String> forOthers() {
        return FOR_OTHERS.stream().sorted();
    }

    /**
     * Judges a name that was set.
     *
     * @param inFile whether the name is in {@code .env}, where nothing stands that is not meant for the node
     */
    static void check(String name, boolean inFile, Settings settings) {
        if (Catalog.knows(name)) {
            return;
        }
        if (!name.startsWith(PREFIX)) {
            Optional<String> meant = similar(name);
            if (meant.isPresent()) {
                settings.warn(name + " is not known; " + meant.get() + " may be meant");
            } else if (inFile) {
                settings.warn(name + " in " + EnvFile.NAME + " is not known and has no effect");
            }
        } else if (!isForOthers(name)) {
            settings.problem(name + " is not known; " + nearest(name) + " is the nearest name that is");
        }
    }

    private static boolean isForOthers(String name) {
        return FOR_OTHERS.contains(name)
                || name.startsWith("NEWAPI_TEST_")
                || SERVICE_LINK.matcher(name).matches();
    }

    private static Optional<String> similar(String name) {
        return acting().filter(known -> known.equalsIgnoreCase(name) || isTypo(known, name))
                .findFirst();
    }

    private static boolean isTypo(String known, String name) {
        return known.length() >= SHORTEST_TYPO && EditDistance.between(known, name) == 1;
    }

    private static String nearest(String name) {
        return acting().filter(known -> known.startsWith(PREFIX))
                .min(Comparator.comparingInt(known -> EditDistance.between(known, name)))
                .orElseThrow();
    }

    private static Stream<String> acting() {
        return Catalog.all().filter(variable -> variable.effect().acts()).map(Variable::name);
    }
}
