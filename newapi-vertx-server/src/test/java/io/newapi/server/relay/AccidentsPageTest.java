package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/accidents.md} has a row for each accident and each failure, with a word for every format, and names tests that are there. */
class AccidentsPageTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))(?:#(\\w+))?`");
    private static final List<String> FORMATS = List.of("chat completions", "responses", "messages", "Gemini");
    private static final String ACCIDENTS = "| Accident |";
    private static final String FAILURES = "| Failure |";

    private final String page = read(ROOT.resolve("docs/accidents.md"));

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of the table that begins so, its head first. */
    private List<List<String>> table(String head) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : page.substring(page.indexOf(head)).split("\n", -1)) {
            if (!line.startsWith("|")) {
                break;
            }
            if (!line.startsWith("|---")) {
                String cells = line.substring(1, line.lastIndexOf('|'));
                rows.add(Stream.of(cells.split("\\|", -1)).map(String::strip).toList());
            }
        }
        return rows;
    }

    private static List<String> testsIn(String text) {
        return TEST.matcher(text).results().map(test -> test.group(2)).toList();
    }

    @Test
    void everyAccidentHasARowWithAWordForEveryFormat() {
        List<List<String>> table = table(ACCIDENTS);
        List<String> tried = Stream.of(AccidentsInEveryFormatTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(ParameterizedTest.class))
                .map(Method::getName)
                .toList();

        assertThat(table.get(0).subList(1, 5)).isEqualTo(FORMATS);
        assertThat(table.subList(1, table.size()))
                .allSatisfy(row -> assertThat(row).hasSameSizeAs(table.get(0)).noneMatch(String::isEmpty));
        assertThat(table.subList(1, table.size()))
                .extracting(row -> row.get(7))
                .flatMap(AccidentsPageTest::testsIn)
                .containsExactlyInAnyOrderElementsOf(tried);
    }

    @Test
    void everyFormatIsTriedNativelyAndTranslated() {
        List<TranslationMatrix.Cell> tried = AccidentsInEveryFormatTest.some().toList();
        for (Speaker client : TranslationMatrix.SPEAKERS) {
            assertThat(tried.stream().filter(cell -> cell.client() == client).map(TranslationMatrix.Cell::isNative))
                    .contains(true, false);
        }
        assertThat(AccidentsInEveryFormatTest.translated().map(TranslationMatrix.Cell::client))
                .containsExactlyInAnyOrderElementsOf(TranslationMatrix.SPEAKERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status of failure",
                "another cause",
                "more failures than",
                "after the first byte",
                "the channel has just failed",
                "the key has just failed",
                "`Retry-After`",
                "a status or a keyword that disables",
                "one key among several",
                "half-open probe",
                "scheduled test",
                "no connection in time",
                "no first byte in time",
                "silence in an answer",
                "all connections",
                "slow upstream",
                "endless stream",
                "endless or huge answer",
                "malformed, endless or huge head",
                "malformed answer",
                "key or address"
            })
    void everyFailureHasOneRowThatSaysAll(String failure) {
        List<List<String>> rows = table(FAILURES).stream()
                .filter(row -> row.get(0).contains(failure))
                .toList();

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0)).hasSize(5).noneMatch(String::isEmpty);
        assertThat(testsIn(rows.get(0).get(4))).isNotEmpty();
    }

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (String module : List.of("newapi-core", "newapi-vertx-server")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> sources.merge(
                                file.getFileName().toString().replace(".java", ""), read(file), String::concat));
            }
        }

        assertThat(TEST.matcher(page).results().toList())
                .hasSizeGreaterThan(40)
                .allSatisfy(test -> assertThat(sources.getOrDefault(test.group(1), ""))
                        .as(test.group())
                        .contains(test.group(2) == null ? "class " + test.group(1) : " void " + test.group(2) + "("));
    }
}
