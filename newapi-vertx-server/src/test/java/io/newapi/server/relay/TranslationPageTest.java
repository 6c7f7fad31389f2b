package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.relay.wire.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The table in {@code docs/api.md} of what arrives has the cells that {@link TranslationMatrixTest} tries out, and says of each what
 * is tried; every note of it names a document.
 */
class TranslationPageTest {

    private static final Pattern NOTE = Pattern.compile("\\[\\^(\\w+)]");

    private final String page = read();

    private static String read() {
        try {
            return Files.readString(Path.of("..", "docs", "api.md"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final Map<WireFormat, String> NAMES = Map.of(
            WireFormat.CHAT, "chat completions",
            WireFormat.RESPONSES, "responses",
            WireFormat.MESSAGES, "messages",
            WireFormat.GEMINI, "Gemini");

    private static String name(Speaker speaker) {
        return NAMES.getOrDefault(speaker.format(), "");
    }

    private List<List<String>> table() {
        int begin = page.indexOf("## What arrives of which client at which provider\n");
        String section = page.substring(begin, page.indexOf("\n## ", begin));
        return section.lines()
                .filter(line -> line.startsWith("| "))
                .map(line -> Stream.of(line.substring(1).split("\\|", -1))
                        .map(String::strip)
                        .filter(cell -> !cell.isEmpty())
                        .toList())
                .toList();
    }

    @Test
    void everyCellSaysWhatIsTriedOutAndNothingElseIsSaid() {
        Map<String, String> said = new TreeMap<>();
        List<String> head = table().get(0);
        for (List<String> row : table().subList(1, table().size())) {
            for (int i = 2; i < row.size(); i++) {
                String before = said.put(
                        row.get(0) + " to " + row.get(1) + ", " + head.get(i),
                        NOTE.matcher(row.get(i)).replaceAll(""));
                assertThat(before).isNull();
            }
        }
        Map<String, String> tried = new TreeMap<>();
        TranslationMatrix.cells()
                .forEach(cell -> tried.put(
                        name(cell.client()) + " to " + name(cell.provider()) + ", "
                                + cell.capability().column(),
                        cell.word()));

        assertThat(said).isEqualTo(tried);
    }

    @Test
    void whatNoNodeAsksHasANoteThatSaysSo() {
        for (List<String> row : table().subList(1, table().size())) {
            boolean served = TranslationMatrix.cells()
                    .filter(cell -> name(cell.client()).equals(row.get(0))
                            && name(cell.provider()).equals(row.get(1)))
                    .allMatch(TranslationMatrix.Cell::isServedByNodes);
            assertThat(row.subList(2, row.size())).allMatch(cell -> cell.contains("[^r]") != served);
        }
    }

    @Test
    void everyNoteNamesADocument() {
        List<String> used = NOTE.matcher(
                        String.join(" ", table().stream().flatMap(List::stream).toList()))
                .results()
                .map(note -> note.group(1))
                .distinct()
                .sorted()
                .toList();
        List<String> notes = Stream.of(page.split("\n(?=\\[\\^)", -1))
                .skip(1)
                .map(note -> note.split("\n(?! )", -1)[0])
                .toList();

        assertThat(notes).hasSameSizeAs(used);
        for (String note : notes) {
            assertThat(used).contains(note.substring(2, note.indexOf(']')));
            assertThat(Pattern.compile("\\[([A-Z][A-Za-z ]+)]")
                            .matcher(note)
                            .results()
                            .toList())
                    .as(note)
                    .isNotEmpty()
                    .allMatch(source -> page.contains("\n" + source.group() + ": https://"));
        }
    }
}
