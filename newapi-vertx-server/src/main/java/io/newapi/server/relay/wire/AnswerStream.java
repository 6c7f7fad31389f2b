package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import io.newapi.core.pricing.Usage;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a streamed answer while its events pass through unchanged: takes it apart into events, and shows them to the {@link
 * StreamMeter} of their format.
 *
 * <p>Only whole events are passed on, so that a stream that is cut never ends inside one. At most {@value
 * #MAX_HELD_BYTES} bytes are held; an event that is longer passes as it comes, and its {@link EventDigest} is looked at. What is no
 * event at all, an error page say, is dropped. Confined to one thread.
 */
public final class AnswerStream {

    /** The most that is held of a stream. */
    public static final int MAX_HELD_BYTES = 64 * 1024;

    /** The longest event that is held until it is whole; of a longer one a digest is made as it passes. */
    static final int LONGEST_HELD_EVENT = MAX_HELD_BYTES - EventDigest.MAX_BYTES;

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = new byte[0];

    /** With what a line without data may begin; anything else is no event, and may tell what its author should not. */
    private static final List<byte[]> OTHER_FIELDS = Stream.of(":", "event:", "id:", "retry:")
            .map(field -> field.getBytes(StandardCharsets.US_ASCII))
            .toList();

    private final StreamMeter meter;

    private byte[] held = NOTHING;
    private int heldLength;
    private int newlinesAtEnd;
    private @Nullable EventDigest hugeEvent;
    private boolean dropsHugeEvent;
    private boolean endsHugeEvent;
    private boolean done;
    private byte[] errorEvent = NOTHING;
    private byte[] lastEvent = NOTHING;
    private boolean any;

    /** A stream whose events nobody has seen yet. */
    public AnswerStream(StreamMeter meter) {
        this.meter = meter;
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
                int passTo = event(bytes, start, i + 1);
                if (passTo <= i) {
                    out = append(out, bytes, passFrom, passTo);
                    passFrom = i + 1;
                }
                start = i + 1;
            }
        }
        if (hugeEvent != null || length - start > LONGEST_HELD_EVENT) {
            insideHugeEvent(bytes, start, length);
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
        EventDigest huge = hugeEvent;
        if (huge != null) {
            meter.hugeText(huge.writtenBytes());
        }
        if (rest.length == 0 || huge != null) {
            return Buffer.buffer();
        }
        if (dataLine(rest, 0, rest.length) >= 0) {
            boolean pass = isWhole(rest) && event(rest, 0, rest.length) > 0;
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
        return done || meter.complete();
    }

    /** Whether any event with data was seen that is no error. */
    public boolean any() {
        return any;
    }

    /** What to charge: the upstream's report, or the estimate of what has passed. */
    public MeteredUsage metered(long estimatedPromptTokens) {
        return meter.metered(estimatedPromptTokens);
    }

    /**
     * What the client still has to get when the answer is complete: the format's last event, with what comes before it.
     *
     * @param usage what was charged
     */
    public Buffer ending(Ending facts, Usage usage) {
        return closing().appendBuffer(meter.ending(lastEvent, facts, usage));
    }

    /** What must come before another event may follow: the end of one that was passed on in part. */
    public Buffer closing() {
        return insideEvent() ? Buffer.buffer("\n\n") : Buffer.buffer();
    }

    /** Whether what was passed on last ends inside an event, which is a very long one. */
    public boolean insideEvent() {
        return endsHugeEvent || (hugeEvent != null && !dropsHugeEvent);
    }

    /** How many bytes are held now. */
    int heldBytes() {
        return heldLength;
    }

    // ---- bytes ----

    private byte[] joined(Buffer chunk) {
        int length = heldLength + chunk.length();
        if (held.length < length) {
            // twice as much: an event that comes in many small pieces is not copied for each
            held = Arrays.copyOf(held, Math.max(length, Math.min(2 * held.length, LONGEST_HELD_EVENT)));
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

    private void insideHugeEvent(byte[] bytes, int start, int end) {
        EventDigest digest = hugeEvent;
        if (digest == null) {
            digest = new EventDigest();
            hugeEvent = digest;
            dropsHugeEvent = done || error() || dataLine(bytes, start, end) < 0;
            if (!dropsHugeEvent) {
                any = true;
                meter.hugeEvent();
            }
        }
        if (!dropsHugeEvent) {
            digest.feed(bytes, start, end);
        }
    }

    // ---- events ----

    /** Looks at a whole event; up to where it is passed on. */
    private int event(byte[] bytes, int start, int end) {
        EventDigest huge = hugeEvent;
        if (huge != null) {
            insideHugeEvent(bytes, start, end);
            hugeEvent = null;
            return dropsHugeEvent ? start : endOfHuge(huge, bytes, start, end);
        }
        if (done || error()) {
            return start;
        }
        int data = dataLine(bytes, start, end);
        if (data < 0) {
            return hasOnlyFields(bytes, start, end) ? end : start;
        }
        boolean passes = data(bytes, start, data, end);
        any |= !error();
        return passes ? end : start;
    }

    /** All of it has passed already; of one that is the last its blank line has to wait until the call is charged. */
    private int endOfHuge(EventDigest huge, byte[] bytes, int start, int end) {
        meter.hugeText(huge.writtenBytes());
        byte[] digest = huge.json();
        switch (meter.look(digest, 0, digest.length)) {
            case ERROR -> errorEvent = digest;
            case LAST -> {
                done = true;
                endsHugeEvent = true;
                return contentEnd(bytes, start, end);
            }
            default -> {
                // what it took is noted
            }
        }
        return end;
    }

    private static int contentEnd(byte[] bytes, int start, int end) {
        int last = end;
        while (last > start && (bytes[last - 1] == '\n' || bytes[last - 1] == '\r')) {
            last--;
        }
        return last;
    }

    private boolean data(byte[] bytes, int start, int data, int end) {
        if (startsWith(bytes, data, end, DONE)) {
            done = true;
            return false;
        }
        int more = dataLine(bytes, endOfLine(bytes, data, end), end);
        byte[] looked = more < 0 ? bytes : joinedLines(bytes, data, end);
        int from = more < 0 ? data : 0;
        int to = more < 0 ? end : looked.length;
        StreamMeter.Verdict verdict = meter.look(looked, from, to);
        switch (verdict) {
            case ERROR -> errorEvent = Arrays.copyOfRange(looked, from, to);
            case LAST -> {
                done = true;
                lastEvent = completed(bytes, start, end);
            }
            default -> {
                // nothing to remember
            }
        }
        return verdict == StreamMeter.Verdict.PASS || verdict == StreamMeter.Verdict.MALFORMED;
    }

    /** Whether an event says all that it was to say; of one that was cut off nothing is believed. */
    private static boolean isWhole(byte[] event) {
        byte[] data = joinedLines(event, dataLine(event, 0, event.length), event.length);
        if (startsWith(data, 0, data.length, DONE)) {
            return true;
        }
        try (JsonParser json = Json.FACTORY.createParser(data)) {
            return json.nextToken() != null && json.skipChildren().currentToken() != null && json.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** A whole event, with the blank line behind it also where the upstream has left that out. */
    private static byte[] completed(byte[] bytes, int start, int end) {
        int last = contentEnd(bytes, start, end);
        byte[] event = Arrays.copyOfRange(bytes, start, last + 2);
        event[last - start] = '\n';
        event[last - start + 1] = '\n';
        return event;
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
