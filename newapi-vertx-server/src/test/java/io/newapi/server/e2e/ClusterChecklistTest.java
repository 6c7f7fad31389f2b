package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that says how each line of the guides is met leaves no line out, and names no test that is not there. */
class ClusterChecklistTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([SCEUD]\\d[^|]*) \\|.*$");
    private static final Pattern LINES = Pattern.compile("([SCEUD])(\\d+)(?: to \\1(\\d+))?");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`");

    @Test
    void everyLineHasItsRowOnce() throws IOException {
        List<String> named = new ArrayList<>();
        Matcher rows = ROW.matcher(page());
        while (rows.find()) {
            LINES.matcher(rows.group(1)).results().forEach(lines -> named.addAll(numbered(lines)));
        }

        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(upTo("S", 68), upTo("C", 3), upTo("E", 33), upTo("U", 11), upTo("D", 9))
                                .flatMap(List::stream)
                                .toList());
    }

    @Test
    void everyTestThatItNamesIsThere() throws IOException {
        Set<String> named =
                TEST.matcher(page()).results().map(found -> found.group(1)).collect(Collectors.toSet());
        Set<String> there;
        try (Stream<Path> files = Files.walk(ROOT.resolve("newapi-vertx-server/src/test/java"))) {
            there = files.map(file -> file.toString().replaceFirst(".*/", "").replace(".java", ""))
                    .collect(Collectors.toSet());
        }

        assertThat(there).containsAll(named);
    }

    private static List<String> numbered(MatchResult lines) {
        int first = Integer.parseInt(lines.group(2));
        int last = lines.group(3) == null ? first : Integer.parseInt(lines.group(3));
        return IntStream.rangeClosed(first, last)
                .mapToObj(number -> lines.group(1) + number)
                .toList();
    }

    private static List<String> upTo(String letter, int last) {
        return IntStream.rangeClosed(1, last)
                .mapToObj(number -> letter + number)
                .toList();
    }

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/cluster-checklist.md"));
    }
}
