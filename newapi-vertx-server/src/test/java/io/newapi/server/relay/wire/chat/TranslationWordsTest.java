package io.newapi.server.relay.wire.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.CompletionCount;
import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The words of {@code docs/translation.md} are those of the code: what is refused, what cannot be said, what is left out, why answers
 * end. The names are taken from the source, since nothing else has all of them.
 */
class TranslationWordsTest {

    private static final Path SOURCE = Path.of("src/main/java/io/newapi/server/relay/wire/chat");

    /** What it says is caught where it is asked, and never told. */
    private static final String ONLY_WITHIN = "MessagesSchema.java";

    private static final Pattern REASON = Pattern.compile("new Unsayable\\(\\s*(\"[^\"]*\"[^;]*?)\\)(?=[;)])");
    private static final Pattern LOST = Pattern.compile("(?:lost\\.add|lose)\\(\\s*\"([^\"]+)\"");
    private static final Pattern NUMBER_LOST =
            Pattern.compile("OpenAiTools\\.put\\(body, lost, \"([^\"]+)\", [^,]+, (?!true)\\w+\\)");
    private static final Pattern UNHELD =
            Pattern.compile("unheld(?:\\.add|\\.accept)?\\((?:\"([^\"]+)\"|\\w+\\.path\\(\"([^\"]+)\"\\))");

    private final String page = text(Path.of("..", "docs", "translation.md"));

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> sources(Predicate<String> which) {
        try (Stream<Path> files = Files.list(SOURCE)) {
            return files.filter(file -> which.test(file.getFileName().toString()))
                    .filter(file -> !file.endsWith(ONLY_WITHIN))
                    .collect(Collectors.toMap(file -> file.getFileName().toString(), TranslationWordsTest::text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean readsRequests(String file) {
        return file.endsWith("Reader.java") || file.equals("ChatMessages.java") || file.equals("ChatParts.java");
    }

    private static Predicate<String> readersOf(String prefix) {
        return file -> file.startsWith(prefix) && readsRequests(file);
    }

    private static Predicate<String> writersOf(String prefix) {
        return file -> file.startsWith(prefix) && !readsRequests(file);
    }

    /** A reason whose end depends on the request ends in three dots. */
    private static Set<String> reasons(Predicate<String> which) {
        return found(REASON, which).map(match -> dotted(match.group(1))).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String dotted(String expression) {
        List<String> words = Pattern.compile("\"([^\"]*)\"")
                .matcher(expression)
                .results()
                .map(match -> match.group(1))
                .toList();
        String all = String.join("…", words);
        return words.size() == 1 && expression.contains("+") ? all + "…" : all;
    }

    private static Set<String> lost(Predicate<String> which) {
        return Stream.concat(found(LOST, which), found(NUMBER_LOST, which))
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<MatchResult> found(Pattern pattern, Predicate<String> which) {
        return sources(which).values().stream()
                .flatMap(source -> pattern.matcher(source).results());
    }

    /** The rows below a heading; none if there is no such heading. */
    private List<List<String>> rows(String heading) {
        int start = page.indexOf("\n### " + heading + "\n");
        if (start < 0) {
            return List.of();
        }
        int end = page.indexOf("\n#", start + 4);
        return page.substring(start, end)
                .lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .map(line -> List.of(line.substring(2).split(" \\| ?", -1)))
                .toList();
    }

    private Set<String> names(String heading) {
        return rows(heading).stream()
                .map(row -> row.get(0).replace("`", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @CsvSource({"Chat, chat completions", "Responses, responses", "Messages, messages", "Gemini, Gemini"})
    void everyReasonAndEveryFieldThatIsLeftOutIsOnThePage(String prefix, String format) {
        assertThat(names("Refused of clients of " + format)).isEqualTo(reasons(readersOf(prefix)));
        assertThat(names("Cannot be said in " + format)).containsAll(reasons(writersOf(prefix)));
        assertThat(names("Left out in " + format)).isEqualTo(lost(writersOf(prefix)));
        assertThat(lost(readersOf(prefix))).isEmpty();
        assertThat(names("Not read of clients of " + format).stream().map(TranslationWordsTest::last))
                .containsAll(found(UNHELD, readersOf(prefix))
                        .map(match -> match.group(1) == null
                                ? match.group(2)
                                : match.group(1).replace("include.", "…"))
                        .toList());
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    @Test
    void noReasonIsOnThePageThatIsNotInTheCode() {
        Set<String> all = reasons(file -> true);
        for (String format : List.of("chat completions", "responses", "messages", "Gemini")) {
            assertThat(all).containsAll(names("Cannot be said in " + format));
        }
    }

    /** Else one could be written in a way that is not found here. */
    @Test
    void everyReasonAndNameIsWrittenSoThatItCanBeFound() {
        for (Map.Entry<String, String> source : sources(file -> true).entrySet()) {
            assertThat(REASON.matcher(source.getValue()).results().count())
                    .as(source.getKey())
                    .isEqualTo(source.getValue().split("new Unsayable\\(", -1).length - 1);
            assertThat(Pattern.compile("(?:lost\\.add|[^.\\w]lose)\\(\\s*([^\"\\s][^,)]*)")
                            .matcher(source.getValue())
                            .results()
                            .map(match -> match.group(1)))
                    .as(source.getKey())
                    .isSubsetOf("field", "name", "String field");
        }
    }

    @Test
    void everyRowNamesADocumentThatThePageLinks() {
        List<String> sources = new ArrayList<>();
        for (String format : List.of("chat completions", "responses", "messages", "Gemini")) {
            for (String heading : List.of(
                    "Refused of clients of ", "Not read of clients of ", "Cannot be said in ", "Left out in ")) {
                rows(heading + format).forEach(row -> sources.add(row.get(2)));
            }
        }

        assertThat(sources)
                .hasSizeGreaterThan(80)
                .allMatch(
                        source -> page.contains("\n" + source.replace(" |", "").strip() + ": https://"));
    }

    /** Requests that say hello. */
    private static final Map<WireFormat, String> HELLO = Map.of(
            WireFormat.CHAT,
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}]}",
            WireFormat.RESPONSES,
            "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":\"a\"}]}",
            WireFormat.MESSAGES,
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}]}",
            WireFormat.GEMINI,
            "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"}]}]}");

    /** Puts something where the path points to. */
    private static void put(JsonObject into, String path) {
        String[] steps = path.split("\\.", -1);
        JsonObject at = into;
        for (int i = 0; i < steps.length - 1; i++) {
            String step = steps[i].replace("[]", "");
            boolean list = steps[i].endsWith("[]");
            if (!at.containsKey(step)) {
                at.put(step, list ? new JsonArray().add(new JsonObject()) : new JsonObject());
            }
            at = list ? at.getJsonArray(step).getJsonObject(0) : at.getJsonObject(step);
        }
        at.put(steps[steps.length - 1], "x");
    }

    /** What must have a certain value, and stands in tests of its own. */
    private static final Set<String> OF_A_VALUE = Set.of(
            "truncation",
            "response_format.json_schema.description",
            "text.format.description",
            "tools[].filters",
            "input[].web_search_call",
            "messages[].content[].type",
            "messages[].content[].citations",
            "messages[].role");

    @ParameterizedTest
    @EnumSource(
            value = WireFormat.class,
            names = {"CHAT", "RESPONSES", "MESSAGES", "GEMINI"})
    void whatIsSaidNotToBeReadIsNamed(WireFormat format) {
        String name = switch (format) {
            case CHAT -> "chat completions";
            case GEMINI -> "Gemini";
            default -> format.name().toLowerCase(Locale.ROOT);
        };
        Map<String, List<String>> named = new LinkedHashMap<>();
        for (String field : names("Not read of clients of " + name)) {
            if (OF_A_VALUE.contains(field) || field.endsWith("…")) {
                continue;
            }
            JsonObject body = new JsonObject(HELLO.getOrDefault(format, "{}"));
            put(body, field);
            named.put(field, lost(format, body));
        }

        assertThat(named)
                .isNotEmpty()
                .allSatisfy((field, lost) -> assertThat(lost).containsExactly(field));
    }

    private static List<String> lost(WireFormat format, JsonObject body) {
        byte[] bytes = body.encode().getBytes(UTF_8);
        ClientRequest.Scan scan = format == WireFormat.GEMINI
                ? ClientRequest.scanGemini(bytes, "m", false, false)
                : ClientRequest.scan(format, bytes);
        WireFormat other = format == WireFormat.MESSAGES ? WireFormat.GEMINI : WireFormat.MESSAGES;
        return Translator.of(((ClientRequest.Scan.Understood) scan).request(), other, CompletionCount.WITH_REASONING)
                .ask(ModelSuffix.none("gemini-2.5-flash"), Golden.TERMS)
                .lost();
    }

    @ParameterizedTest
    @EnumSource(FinishReason.class)
    void anAnswerEndsInTheWordsOfThePage(FinishReason reason) {
        String incomplete = ResponsesObject.incomplete(reason);

        assertThat(row("Why an answer ends", reason))
                .containsExactly(
                        ChatReplyReader.word(reason),
                        incomplete == null ? "completed" : incomplete,
                        MessagesStop.write(reason, reason == FinishReason.TOOL_CALLS),
                        GeminiFinish.write(reason));
    }

    @ParameterizedTest
    @EnumSource(value = ToolChoice.Mode.class, names = "UNSAID", mode = EnumSource.Mode.EXCLUDE)
    void aToolIsChosenInTheWordsOfThePage(ToolChoice.Mode mode) {
        Conversation asked = new Conversation(
                "m",
                false,
                List.of(),
                List.of(Golden.user(Part.Text.of("a"))),
                List.of(new Tool.Function("f", "", null, null, Part.CacheMark.NONE)),
                new ToolChoice(mode, mode == ToolChoice.Mode.NAMED ? "f" : "", null),
                Sampling.UNSAID,
                Thinking.UNSAID,
                AnswerForm.TEXT,
                "",
                List.of());

        assertThat(row("Whether a tool must be called", mode))
                .containsExactly(
                        word(new ChatCodec().write(asked, Golden.TERMS).body().getValue("tool_choice")),
                        word(new ResponsesCodec()
                                .write(asked, Golden.TERMS)
                                .body()
                                .getValue("tool_choice")),
                        word(new MessagesCodec()
                                .write(asked, Golden.TERMS)
                                .body()
                                .getValue("tool_choice")),
                        GeminiCodec.events()
                                .write(asked, Golden.TERMS)
                                .body()
                                .getJsonObject("toolConfig")
                                .getJsonObject("functionCallingConfig")
                                .getString("mode"));
    }

    private static String word(Object choice) {
        return choice instanceof JsonObject object ? object.getString("type") : (String) choice;
    }

    private List<String> row(String heading, Enum<?> name) {
        List<String> row = rows(heading).stream()
                .filter(found -> found.get(0).equals(name.name()))
                .findFirst()
                .orElseThrow();
        return row.subList(1, 5).stream()
                .map(cell -> cell.replaceAll("[`| ]", ""))
                .toList();
    }
}
