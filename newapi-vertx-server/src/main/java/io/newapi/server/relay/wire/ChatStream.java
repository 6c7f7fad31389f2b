package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Meters a streamed answer in OpenAI's chat format while its events pass through unchanged.
 *
 * <p>Only whole events are passed on, so that a stream that is cut never ends inside one. At most {@value
 * #MAX_HELD_BYTES} bytes are held; an event that is longer passes through unmetered. Confined to one thread.
 */
public final class ChatStream {

    /** The most that is held of an event that is not complete. */
    public static final int MAX_HELD_BYTES = 64 * 1024;

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final boolean usageWanted;
    private final ChatText text;
    private byte[] held = new byte[0];
    private boolean insideHugeEvent;
    private int newlinesAtEnd;
    private @Nullable Usage usage;
    private boolean usagePassedOn;
    private boolean done;
    private byte[] errorEvent = new byte[0];
    private boolean any;

    /**
     * @param model decides how text is estimated
     * @param usageWanted whether the client wants the chunk that carries nothing but the usage
     */
    public ChatStream(String model, boolean usageWanted) {
        this.usageWanted = usageWanted;
        this.text = new ChatText(model);
    }

    /** Takes what came from upstream; returns what goes to the client, which may be nothing. */
    public Buffer feed(Buffer chunk) {
        byte[] bytes = joined(chunk);
        Buffer out = Buffer.buffer(bytes.length);
        int start = 0;
        for (int i = held.length; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                newlinesAtEnd++;
            } else if (b != '\r') {
                newlinesAtEnd = 0;
            }
            if (newlinesAtEnd == 2) {
                newlinesAtEnd = 0;
                event(bytes, start, i + 1, out);
                start = i + 1;
            }
        }
        keep(bytes, start, out);
        return out;
    }

    /** What is left when the upstream has ended: an event without its closing blank line, completed. */
    public Buffer end() {
        Buffer out = Buffer.buffer();
        if (held.length > 0 && startsWith(held, 0, held.length, DATA)) {
            byte[] closed = Buffer.buffer(held.length + 2)
                    .appendBytes(held)
                    .appendString(newlinesAtEnd == 1 ? "\n" : "\n\n")
                    .getBytes();
            event(closed, 0, closed.length, out);
        }
        held = new byte[0];
        return out;
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

    /** Whether the answer is complete: it said why it ended, or reported its usage. */
    public boolean complete() {
        return done || text.finished() || usage != null;
    }

    /** Whether any event with data was seen. */
    public boolean any() {
        return any;
    }

    /** Whether the client got a chunk with usage. */
    public boolean usagePassedOn() {
        return usagePassedOn;
    }

    /** What to charge: the upstream's last report, or the estimate of what has passed. */
    public MeteredUsage metered(long estimatedPromptTokens) {
        return usage != null
                ? new MeteredUsage(usage, false)
                : new MeteredUsage(Usage.of(estimatedPromptTokens, text.tokens()), true);
    }

    /** A chunk that carries nothing but usage, for a client that wants one when the upstream sent none. */
    public static Buffer usageChunk(String id, String model, long createdSeconds, Usage usage) {
        long total = usage.promptTokens() + usage.completionTokens();
        return Buffer.buffer("data: {\"id\":")
                .appendBytes(JsonText.quote(id))
                .appendString(",\"object\":\"chat.completion.chunk\",\"created\":" + createdSeconds + ",\"model\":")
                .appendBytes(JsonText.quote(model))
                .appendString(",\"choices\":[],\"usage\":{\"prompt_tokens\":" + usage.promptTokens()
                        + ",\"completion_tokens\":" + usage.completionTokens() + ",\"total_tokens\":" + total
                        + "}}\n\n");
    }

    /** The format's last event. */
    public static Buffer doneEvent() {
        return Buffer.buffer("data: [DONE]\n\n");
    }

    private byte[] joined(Buffer chunk) {
        if (held.length == 0) {
            return chunk.getBytes();
        }
        byte[] bytes = new byte[held.length + chunk.length()];
        System.arraycopy(held, 0, bytes, 0, held.length);
        chunk.getBytes(0, chunk.length(), bytes, held.length);
        return bytes;
    }

    private void keep(byte[] bytes, int start, Buffer out) {
        int rest = bytes.length - start;
        if (insideHugeEvent || rest > MAX_HELD_BYTES) {
            insideHugeEvent = true;
            out.appendBytes(bytes, start, rest);
            held = new byte[0];
        } else {
            held = new byte[rest];
            System.arraycopy(bytes, start, held, 0, rest);
        }
    }

    private void event(byte[] bytes, int start, int end, Buffer out) {
        if (insideHugeEvent) {
            insideHugeEvent = false;
            any = true;
            out.appendBytes(bytes, start, end - start);
            return;
        }
        int data = dataStart(bytes, start, end);
        if (data < 0) {
            out.appendBytes(bytes, start, end - start);
            return;
        }
        any = true;
        if (startsWith(bytes, data, end, DONE)) {
            done = true;
            return;
        }
        if (look(bytes, data, end)) {
            out.appendBytes(bytes, start, end - start);
        }
    }

    /** Reads one chunk; false when it must not be passed on. */
    private boolean look(byte[] bytes, int start, int end) {
        Usage reported = null;
        boolean sawChoices = false;
        boolean error = false;
        try (JsonParser json = Json.FACTORY.createParser(bytes, start, end - start)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return true;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if (name.equals("choices")) {
                    text.choices(json);
                    sawChoices = text.lastChoices() > 0;
                } else if (name.equals("usage") && token == JsonToken.START_OBJECT) {
                    reported = UsageReader.read(json);
                } else {
                    error |= name.equals("error") && token != JsonToken.VALUE_NULL;
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            // not ours to judge: the client sees what the upstream sent
            return true;
        }
        if (error) {
            errorEvent = Arrays.copyOfRange(bytes, start, end);
            return false;
        }
        if (reported != null) {
            usage = reported;
            if (!sawChoices && !usageWanted) {
                return false;
            }
            usagePassedOn = true;
        }
        return true;
    }

    private static int dataStart(byte[] bytes, int start, int end) {
        int line = start;
        while (line < end) {
            if (startsWith(bytes, line, end, DATA)) {
                int at = line + DATA.length;
                while (at < end && bytes[at] == ' ') {
                    at++;
                }
                return at;
            }
            while (line < end && bytes[line] != '\n') {
                line++;
            }
            line++;
        }
        return -1;
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
