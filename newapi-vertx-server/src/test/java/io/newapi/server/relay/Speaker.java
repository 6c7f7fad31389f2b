package io.newapi.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One of the four formats, as a client and as a provider speak it. What stands in a request or an answer is read here by itself,
 * without any of the codecs, as lines: {@code call call_a weather {"city":"Oslo"} SIGNATURE}. All formats give the same lines for
 * what says the same.
 */
abstract class Speaker {

    static final String PICTURE = "iVBORw0KGgo=";
    /** The first piece of the text of a plain answer, and the other. */
    static final String FIRST_PIECE = "No,";

    static final String OTHER_PIECE = " sun.";

    /** How the name of what reports usage begins in all formats. */
    private static final String USAGE = "\"usage";

    static final String PICTURE_URL = "https://example.com/cat.png";

    private final WireFormat format;
    private final int channelType;
    private final String model;

    /**
     * One of them.
     *
     * @param channelType of a provider that speaks it, and no other that comes first
     * @param model one of the provider's that thinks
     */
    Speaker(WireFormat format, int channelType, String model) {
        this.format = format;
        this.channelType = channelType;
        this.model = model;
    }

    WireFormat format() {
        return format;
    }

    int channelType() {
        return channelType;
    }

    String model() {
        return model;
    }

    /** The path of the call. */
    abstract String path(boolean stream);

    /** What a client asks. */
    abstract JsonObject question(Capability capability);

    /** The same as a stream is asked for. */
    abstract JsonObject streaming(JsonObject question);

    /** What the client asks next: all that was said, as it came, and the result of the call {@code call_a}, "3 mm". */
    abstract JsonObject next(JsonObject question, JsonObject answer);

    /** What a request says, line by line. */
    abstract List<String> asked(JsonObject request);

    /** What a provider answers. */
    abstract JsonObject answer(Capability capability);

    /** The same in events. */
    abstract String events(Capability capability);

    /** What a client puts together of the events. */
    abstract JsonObject together(List<JsonObject> events);

    /** What an answer says, line by line. */
    abstract List<String> told(JsonObject answer);

    /** The text that an event of a stream adds. */
    abstract String piece(JsonObject event);

    /** Whether nothing comes behind an event with this data. */
    abstract boolean isLast(String data);

    /** Whether the event with the usage is the last, so that an answer is over with it. */
    boolean isWholeWithUsage() {
        return false;
    }

    /** How a provider reports an error in its stream. */
    abstract String errorEvent(String message);

    /** The names of what the format's error objects have. */
    abstract Set<String> errorFields();

    /** What an error says that is the answer; it has to have the format's form. */
    String error(JsonObject answer) {
        JsonObject error = answer.getJsonObject("error");
        assertThat(error.fieldNames()).isEqualTo(errorFields());
        return error.getString("message");
    }

    /** What an error says that is an event of a stream, the {@code number}th counting from 0; it has to have the format's form. */
    String errorOfStream(String eventName, int number, JsonObject event) {
        assertThat(eventName).isEmpty();
        assertThat(event.fieldNames()).containsExactly("error");
        return error(event);
    }

    /** The events of a plain answer up to where somebody breaks off, one by one. */
    final List<String> eventsUntil(BreakingPoint point) {
        List<String> all = List.of(events(Capability.PLAIN).split("(?<=\n\n)"));
        return switch (point) {
            case BEFORE_THE_FIRST_BYTE -> List.of();
            case IN_THE_MIDDLE -> all.subList(0, with(FIRST_PIECE, all).min().orElseThrow() + 1);
            case BEFORE_USAGE -> all.subList(0, with(USAGE, all).max().orElseThrow());
            case AFTER_USAGE -> all.subList(0, with(USAGE, all).max().orElseThrow() + 1);
        };
    }

    private static IntStream with(String word, List<String> events) {
        return IntStream.range(0, events.size())
                .filter(index -> events.get(index).contains(word));
    }

    /** What a node reads in a client's request. */
    final ClientRequest read(JsonObject question, boolean stream) {
        byte[] body = question.encode().getBytes(UTF_8);
        ClientRequest.Scan scan = format == WireFormat.GEMINI
                ? ClientRequest.scanGemini(body, Chat.MODEL, stream, false)
                : ClientRequest.scan(format, body);
        return ((ClientRequest.Scan.Understood) scan).request();
    }

    @Override
    public String toString() {
        return format.name();
    }

    // ---- for those who write it down

    /** JSON with apostrophes in place of quotation marks. */
    static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }

    /** The lines of text are events' data. */
    static String events(String prefix, String text) {
        StringBuilder events = new StringBuilder();
        text.lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.replace('\'', '"'))
                .forEach(line -> events.append(
                                prefix.isEmpty() ? "" : "event: " + new JsonObject(line).getString("type") + "\n")
                        .append("data: ")
                        .append(line)
                        .append("\n\n"));
        return events.toString();
    }

    static List<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    static List<JsonObject> objects(JsonObject owner, String name) {
        return owner.getValue(name) instanceof JsonArray array ? objects(array) : List.of();
    }

    static JsonObject object(JsonObject owner, String name) {
        return owner.getJsonObject(name, new JsonObject());
    }

    static String line(Object... words) {
        return String.join(" ", Stream.of(words).map(String::valueOf).toList()).strip();
    }

    static String thought(String text, String signature) {
        return line("thought", text, signature);
    }

    static String call(Object id, Object name, Object arguments, String signature) {
        JsonObject parsed = arguments instanceof JsonObject object ? object : new JsonObject((String) arguments);
        return line("call", id, name, parsed.encode(), signature);
    }

    static String usage(long prompt, long cached, long written, long completion) {
        return line("usage", prompt, "cached", cached, "written", written, "answer", completion);
    }

    /** Texts of one speaker behind each other are one. */
    static List<String> joined(List<String> lines) {
        List<String> all = new ArrayList<>();
        for (String line : lines) {
            int last = all.size() - 1;
            if (last >= 0 && line.startsWith("text ") && all.get(last).startsWith("text ")) {
                all.set(last, all.get(last) + line.substring("text ".length()));
            } else {
                all.add(line);
            }
        }
        return all;
    }
}
