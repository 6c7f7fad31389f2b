package io.newapi.server.relay.wire.chat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * One wire format for conversations with a model: it reads what clients and providers write in it, and writes what they read.
 * Pure: no input or output, no clock, no chance. Immutable, but for readers and writers of streams, which serve one answer, by
 * one thread.
 */
public interface Codec {

    /**
     * What stands in a request.
     *
     * @param body not to be changed later
     * @param model where the format has it in the path (Gemini); else empty, and read from the body
     * @param stream the same of whether the answer is to be streamed; only looked at when {@code model} is not empty
     * @throws Unreadable if it is not one of this format
     * @throws Unsayable if it asks for something that no conversation holds, and without which the answer would be another one
     */
    Conversation read(JsonObject body, String model, boolean stream);

    /**
     * The request that says the same.
     *
     * @throws Unsayable if the format has no words for something without which the answer would be another one
     */
    Written write(Conversation conversation, WriteTerms terms);

    /**
     * What stands in a whole answer that is no error.
     *
     * @throws Unreadable if it is not one of this format
     */
    Reply readReply(JsonObject body);

    /** The answer that says the same. */
    JsonObject writeReply(Reply reply, ReplyFacts facts);

    /** Reads one streamed answer. */
    PieceReader pieceReader();

    /** Writes one streamed answer. */
    PieceWriter pieceWriter(ReplyFacts facts);

    /**
     * A request.
     *
     * @param body where the format has model and streaming in the path they are not in it
     * @param lost what it cannot say and the answer does not depend on, by the names of the client's fields
     */
    record Written(JsonObject body, List<String> lost) {

        /** An immutable copy of the list. */
        public Written {
            lost = List.copyOf(lost);
        }
    }

    /**
     * What a provider needs to be told beyond the conversation.
     *
     * @param defaultMaxTokens the limit of the answer where the client sets none and the format needs one
     * @param safety Gemini: the threshold for each category of harm; empty leaves the provider's
     */
    record WriteTerms(long defaultMaxTokens, Map<String, String> safety) {

        /** An immutable copy. */
        public WriteTerms {
            safety = Map.copyOf(safety);
        }
    }

    /**
     * What a client is told of an answer beyond its content.
     *
     * @param id the answer's name where the provider gave none
     * @param model the name that the client asked for
     * @param createdSeconds when it was asked, seconds since 1970
     * @param promptTokens the estimate, for formats that name it before the provider does
     * @param usageWanted whether a stream's last chunk is to carry the usage (OpenAI's {@code stream_options})
     */
    record ReplyFacts(String id, String model, long createdSeconds, long promptTokens, boolean usageWanted) {}

    /** Reads the events of a streamed answer, in order. */
    interface PieceReader {

        /**
         * What an event says.
         *
         * @param name the event's; empty if it has none
         * @param data not {@code [DONE]}
         * @throws Unreadable if it is not JSON of this format; later events may be read all the same
         */
        List<Piece> event(String name, String data);

        /** What was still held back when the stream ended; an {@link Piece.End} only if the provider has said why it ends. */
        List<Piece> end();
    }

    /** Writes the events of a streamed answer, in order. */
    interface PieceWriter {

        /** Events that say it; may be empty. Whole events only. */
        Buffer write(Piece piece);

        /**
         * The format's last events, in place of an {@link Piece.End} that never came too.
         *
         * @param spent what was charged in the end
         */
        Buffer finish(Spent spent);
    }
}
