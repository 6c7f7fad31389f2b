package io.newapi.server.relay.wire.chat;

import io.newapi.core.pricing.Usage;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Says the events of a streamed answer in another format, as they come. What cannot be read is left out: the meter has seen it too,
 * and judges it. Confined to one thread.
 */
public final class StreamTranslation implements StreamRewriting {

    private final Codec.PieceReader reader;
    private final Codec.PieceWriter writer;
    private final WholeEvents events = new WholeEvents();
    private long reasoningTokens;

    StreamTranslation(Codec.PieceReader reader, Codec.PieceWriter writer) {
        this.reader = reader;
        this.writer = writer;
    }

    @Override
    public Buffer of(Buffer part) {
        Buffer said = Buffer.buffer();
        events.feed(part).forEach(event -> say(event, said));
        return said;
    }

    @Override
    public int heldBytes() {
        return events.heldBytes();
    }

    @Override
    public boolean tooLong() {
        return events.tooLong();
    }

    @Override
    public Buffer end(Usage charged) {
        Buffer said = Buffer.buffer();
        pieces(reader.end(), said);
        return said.appendBuffer(writer.finish(Translator.spent(charged, reasoningTokens)));
    }

    private void say(WholeEvents.Event event, Buffer said) {
        if (event.data().isEmpty() || event.isDone()) {
            return;
        }
        try {
            pieces(reader.event(event.name(), event.data()), said);
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
