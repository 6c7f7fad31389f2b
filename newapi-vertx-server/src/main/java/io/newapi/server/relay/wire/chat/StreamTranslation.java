package io.newapi.server.relay.wire.chat;

import io.newapi.core.pricing.Usage;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Says the events of a streamed answer in another format, as they come. What cannot be read is left out: the meter has seen it too,
 * and judges it. Confined to one thread.
 */
public final class StreamTranslation {

    /** The longest event that is waited for: a picture in it may be as long. */
    private static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;

    private final Codec.PieceReader reader;
    private final Codec.PieceWriter writer;
    private Buffer held = Buffer.buffer();
    private int newlines;
    private boolean tooLong;
    private long reasoningTokens;

    StreamTranslation(Codec.PieceReader reader, Codec.PieceWriter writer) {
        this.reader = reader;
        this.writer = writer;
    }

    /** These events, or parts of one that is very long, in the client's words. */
    public Buffer of(Buffer events) {
        Buffer said = Buffer.buffer();
        int start = 0;
        int from = held.length();
        held.appendBuffer(events);
        for (int i = from; i < held.length(); i++) {
            byte b = held.getByte(i);
            if (b == '\n') {
                newlines++;
            } else if (b != '\r') {
                newlines = 0;
            }
            if (newlines == 2) {
                newlines = 0;
                if (!tooLong) {
                    event(held.getString(start, i + 1), said);
                }
                tooLong = false;
                start = i + 1;
            }
        }
        tooLong |= held.length() - start > MAX_EVENT_BYTES;
        held = tooLong ? Buffer.buffer() : start == 0 ? held : held.getBuffer(start, held.length());
        return said;
    }

    /** How many bytes are held of an event that is not whole. */
    public int heldBytes() {
        return held.length();
    }

    /** Whether an event is so long that it is not waited for. */
    public boolean tooLong() {
        return tooLong;
    }

    /**
     * What the client still has to get when the answer is over.
     *
     * @param charged what it was charged for
     */
    public Buffer end(Usage charged) {
        Buffer said = Buffer.buffer();
        pieces(reader.end(), said);
        return said.appendBuffer(writer.finish(Translator.spent(charged, reasoningTokens)));
    }

    private void event(String event, Buffer said) {
        String name = "";
        StringBuilder data = new StringBuilder();
        for (String line : event.split("\r?\n", -1)) {
            if (line.startsWith("event:")) {
                name = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n")
                        .append(line.substring("data:".length()).strip());
            }
        }
        if (data.isEmpty() || data.toString().equals("[DONE]")) {
            return;
        }
        try {
            pieces(reader.event(name, data.toString()), said);
        } catch (Unreadable e) {
            // the meter lets it pass as well; what comes later may be readable
        }
    }

    private void pieces(List<Piece> pieces, Buffer said) {
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Count count) {
                reasoningTokens = count.spent().reasoningTokens();
            }
            said.appendBuffer(writer.write(piece));
        }
    }
}
