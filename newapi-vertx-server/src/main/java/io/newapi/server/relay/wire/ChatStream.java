package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Meters a streamed answer in OpenAI's chat format while its events pass through unchanged.
 *
 * <p>Only whole events are passed on, so that a stream that is cut never ends inside one. At most {@value
 * #MAX_HELD_BYTES} bytes are held; an event that is longer passes through unread, and counts as one picture if the
 * upstream reports no usage. What is no event at all, an error page say, is dropped. Confined to one thread.
 */
public final class ChatStream {

    /** The most that is held of an event that is not complete: more than the text of any whole answer. */
    public static final int MAX_HELD_BYTES = 256 * 1024;

    /** Longer than any text, so a picture or a sound: what the original counts for a picture without a count. */
    private static final long TOKENS_PER_HUGE_EVENT = 1400;

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = new byte[0];

    /** With what a line without data may begin; anything else is no event, and may tell what its author should not. */
    private static final List<byte[]> OTHER_FIELDS = Stream.of(":", "event:", "id:", "retry:")
            .map(field -> field.getBytes(StandardCharsets.US_ASCII))
            .toList();

    private final boolean usageWanted;
    private final CompletionCount counting;
    private final ChatText text;

    private byte[] held = NOTHING;
    private int heldLength;
    private int newlinesAtEnd;
    private boolean insideHugeEvent;
    private boolean dropsHugeEvent;
    private long hugeEvents;

    private @Nullable Usage usage;
    private boolean usageIsFinal;
    private long piecesAtUsage;
    private boolean usagePassedOn;
    private boolean usageChunkSeen;
    private boolean malformed;
    private boolean done;
    private byte[] errorEvent = NOTHING;
    private boolean any;

    /**
     * @param model decides how text is estimated
     * @param usageWanted whether the client wants the chunk that carries nothing but the usage
     * @param counting how the upstream counts
     */
    public ChatStream(String model, boolean usageWanted, CompletionCount counting) {
        this.usageWanted = usageWanted;
        this.counting = counting;
        this.text = new ChatText(model);
    }

    /** Takes what came from upstream; returns what goes to the client, which may be nothing or {@code chunk} itself. */
    public Buffer feed(Buffer chunk) {
        boolean nothingHeld = heldLength == 0;
        int from = heldLength;
        byte[] bytes = nothingHeld ? chunk.getBytes() : joined(chunk);
        int length = from + chunk.length();
        Buffer out = null;
        int start = 0;
        int passFrom = 0;
        for (int i = from; i < length; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                newlinesAtEnd++;
            } else if (b != '\r') {
                newlinesAtEnd = 0;
            }
            if (newlinesAtEnd == 2) {
                newlinesAtEnd = 0;
                if (!event(bytes, start, i + 1)) {
                    out = append(out, bytes, passFrom, start);
                    passFrom = i + 1;
                }
                start = i + 1;
            }
        }
        if (insideHugeEvent || length - start > MAX_HELD_BYTES) {
            enterHugeEvent(bytes, start, length);
            if (dropsHugeEvent) {
                out = append(out, bytes, passFrom, start);
                passFrom = length;
            }
            start = length;
        }
        if (nothingHeld && passFrom == 0 && start == length) {
            return chunk;
        }
        out = append(out, bytes, passFrom, start);
        hold(bytes, start, length);
        return out;
    }

    /** What is left when the upstream has ended: an event without its closing blank line, completed. */
    public Buffer end() {
        byte[] rest = Arrays.copyOf(held, heldLength);
        held = NOTHING;
        heldLength = 0;
        if (rest.length == 0 || insideHugeEvent) {
            return Buffer.buffer();
        }
        if (dataLine(rest, 0, rest.length) >= 0) {
            boolean pass = event(rest, 0, rest.length) && !malformed;
            return pass ? Buffer.buffer(rest).appendString(newlinesAtEnd == 1 ? "\n" : "\n\n") : Buffer.buffer();
        }
        if (!any && rest[0] == '{') {
            // no stream at all: an error that was sent as if it were one
            errorEvent = rest;
        }
        return Buffer.buffer();
    }

    /** Whether the format's last event was seen. */
    public boolean done() {
        return done;
    }

    /** Whether an event carried an error. */
    public boolean error() {
        return errorEvent.length > 0;
    }

    /** The data of the event that carried the error; it is not passed on. */
    public byte[] errorEvent() {
        return errorEvent.clone();
    }

    /** Whether the answer is complete: it said so, or why it ended, or sent the chunk that comes last. */
    public boolean complete() {
        return done || text.finished() || (usageChunkSeen && usageIsUpToDate());
    }

    /** Whether any event with data was seen that is no error. */
    public boolean any() {
        return any;
    }

    /** Whether the client got the final usage. */
    public boolean usagePassedOn() {
        return usagePassedOn && usageIsUpToDate();
    }

    /**
     * What to charge: the upstream's report, or the estimate of what has passed. A report that came before the end, and
     * behind which more was written, counts for the prompt only.
     */
    public MeteredUsage metered(long estimatedPromptTokens) {
        Usage reported = usage;
        if (reported == null) {
            return new MeteredUsage(Usage.of(estimatedPromptTokens, writtenTokens()), true);
        }
        boolean saysAll = usageIsFinal || reported.completionTokens() > 0;
        if ((usageIsUpToDate() && saysAll) || reported.completionTokens() >= writtenTokens()) {
            return new MeteredUsage(reported, false);
        }
        return new MeteredUsage(withCompletion(reported, writtenTokens()), true);
    }

    /** A chunk that carries nothing but usage, for a client that wants one when the upstream sent none. */
    public static Buffer usageChunk(String id, String model, long createdSeconds, Usage usage) {
        long prompt = usage.semantics() == UsageSemantics.OPENAI
                ? usage.promptTokens()
                : usage.promptTokens() + usage.cachedTokens() + usage.writtenTokens();
        long total = prompt + usage.completionTokens();
        return Buffer.buffer("data: {\"id\":")
                .appendBytes(JsonText.quote(id))
                .appendString(",\"object\":\"chat.completion.chunk\",\"created\":" + createdSeconds + ",\"model\":")
                .appendBytes(JsonText.quote(model))
                .appendString(",\"choices\":[],\"usage\":{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":"
                        + usage.completionTokens() + ",\"total_tokens\":" + total + "}}\n\n");
    }

    /** The format's last event. */
    public static Buffer doneEvent() {
        return Buffer.buffer("data: [DONE]\n\n");
    }

    /** What must come before another event may follow: the end of one that was passed on in part. */
    public Buffer closing() {
        return insideHugeEvent && !dropsHugeEvent ? Buffer.buffer("\n\n") : Buffer.buffer();
    }

    /** How many bytes are held now. */
    int heldBytes() {
        return heldLength;
    }

    /** Whether nothing was written behind the last report. */
    private boolean usageIsUpToDate() {
        return piecesAtUsage == writtenPieces();
    }

    private long writtenPieces() {
        return text.pieces() + hugeEvents;
    }

    private long writtenTokens() {
        return text.tokens() + TOKENS_PER_HUGE_EVENT * hugeEvents;
    }

    private static Usage withCompletion(Usage usage, long tokens) {
        return new Usage(
                usage.promptTokens(),
                tokens,
                usage.cachedTokens(),
                usage.cacheWriteTokens(),
                usage.cacheWrite5mTokens(),
                usage.cacheWrite1hTokens(),
                usage.imageTokens(),
                usage.audioTokens(),
                usage.semantics());
    }

    // ---- bytes ----

    private byte[] joined(Buffer chunk) {
        int length = heldLength + chunk.length();
        if (held.length < length) {
            // twice as much: an event that comes in many small pieces is not copied for each
            held = Arrays.copyOf(held, Math.max(length, Math.min(2 * held.length, MAX_HELD_BYTES)));
        }
        chunk.getBytes(0, chunk.length(), held, heldLength);
        heldLength = length;
        return held;
    }

    private void hold(byte[] bytes, int start, int end) {
        heldLength = end - start;
        if (heldLength == 0) {
            held = NOTHING;
        } else if (start > 0 || bytes != held) {
            held = Arrays.copyOfRange(bytes, start, end);
        }
    }

    private static Buffer append(@Nullable Buffer out, byte[] bytes, int start, int end) {
        Buffer target = out == null ? Buffer.buffer(end - start) : out;
        return target.appendBytes(bytes, start, end - start);
    }

    private void enterHugeEvent(byte[] bytes, int start, int end) {
        if (insideHugeEvent) {
            return;
        }
        insideHugeEvent = true;
        dropsHugeEvent = dataLine(bytes, start, end) < 0;
        if (!dropsHugeEvent) {
            any = true;
            hugeEvents++;
        }
    }

    // ---- events ----

    /** Looks at a whole event; false when it must not be passed on. */
    private boolean event(byte[] bytes, int start, int end) {
        if (insideHugeEvent) {
            insideHugeEvent = false;
            return !dropsHugeEvent;
        }
        if (done || error()) {
            return false;
        }
        int data = dataLine(bytes, start, end);
        if (data < 0) {
            return hasOnlyFields(bytes, start, end);
        }
        boolean passes = data(bytes, data, end);
        any |= !error();
        return passes;
    }

    private boolean data(byte[] bytes, int data, int end) {
        if (startsWith(bytes, data, end, DONE)) {
            done = true;
            return false;
        }
        int more = dataLine(bytes, endOfLine(bytes, data, end), end);
        if (more < 0) {
            return look(bytes, data, end);
        }
        byte[] joined = joinedLines(bytes, data, end);
        return look(joined, 0, joined.length);
    }

    /** Reads one chunk; false when it must not be passed on. */
    private boolean look(byte[] bytes, int start, int end) {
        Usage reported = null;
        boolean choices = false;
        boolean error = false;
        malformed = false;
        try (JsonParser json = Json.FACTORY.createParser(bytes, start, end - start)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return true;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                switch (name) {
                    case "choices" -> {
                        text.choices(json);
                        choices = text.lastChoices() > 0;
                    }
                    case "usage" -> {
                        if (token == JsonToken.START_OBJECT) {
                            reported = UsageReader.read(json, counting);
                        } else {
                            json.skipChildren();
                        }
                    }
                    case "error" -> error |= UpstreamErrors.says(json);
                    case "object" ->
                        error |= token == JsonToken.VALUE_STRING
                                && json.getText().equals("error");
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            // not ours to judge: the client sees what the upstream sent
            malformed = true;
            return true;
        }
        if (error) {
            errorEvent = Arrays.copyOfRange(bytes, start, end);
            return false;
        }
        return reported == null || passes(reported, choices);
    }

    /** Takes a report over; false if its chunk carries nothing else, and the client did not ask for it. */
    private boolean passes(Usage reported, boolean choices) {
        usage = reported;
        piecesAtUsage = writtenPieces();
        usageChunkSeen |= !choices;
        usageIsFinal = !choices || text.finished();
        boolean passes = choices || usageWanted;
        usagePassedOn = passes && usageIsFinal;
        return passes;
    }

    /** Where the value of the first {@code data} line begins; -1 if there is none. */
    private static int dataLine(byte[] bytes, int start, int end) {
        for (int line = start; line < end; line = endOfLine(bytes, line, end)) {
            if (startsWith(bytes, line, end, DATA)) {
                int at = line + DATA.length;
                while (at < end && bytes[at] == ' ') {
                    at++;
                }
                return at;
            }
        }
        return -1;
    }

    private static boolean hasOnlyFields(byte[] bytes, int start, int end) {
        for (int line = start; line < end; line = endOfLine(bytes, line, end)) {
            int at = line;
            boolean known = bytes[at] == '\n' || bytes[at] == '\r';
            for (byte[] field : OTHER_FIELDS) {
                known |= startsWith(bytes, at, end, field);
            }
            if (!known) {
                return false;
            }
        }
        return true;
    }

    private static int endOfLine(byte[] bytes, int at, int end) {
        int i = at;
        while (i < end && bytes[i] != '\n') {
            i++;
        }
        return Math.min(i + 1, end);
    }

    /** The values of all {@code data} lines, which the format puts together with a line end between them. */
    private static byte[] joinedLines(byte[] bytes, int firstData, int end) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream(end - firstData);
        for (int data = firstData; data >= 0; ) {
            int next = endOfLine(bytes, data, end);
            joined.write(bytes, data, next - data);
            data = dataLine(bytes, next, end);
        }
        return joined.toByteArray();
    }

    private static boolean startsWith(byte[] bytes, int at, int end, byte[] prefix) {
        if (end - at < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[at + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
