package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;

/**
 * Google's Gemini API ({@code models/{model}:generateContent} and {@code :streamGenerateContent}; API reference as of v1beta and its
 * SDK 2.32). The model and whether to stream are in the path, not in the body. Immutable.
 *
 * <p>Not said to it: the user, {@code cache_control}, {@code detail}, {@code strict} of tools, that calls must not be parallel, file
 * names, bounds of a web search, thoughts that only another provider can read. Refused: several choices, other providers' files and
 * hosted tools, more than five stop sequences.
 */
public final class GeminiCodec implements Codec {

    private final boolean array;

    private GeminiCodec(boolean array) {
        this.array = array;
    }

    /** Streams are events, as clients want them with {@code alt=sse}. */
    public static GeminiCodec events() {
        return new GeminiCodec(false);
    }

    /** Streams are written as one JSON array, as clients want them without {@code alt=sse}; they are read as events all the same. */
    public static GeminiCodec jsonArray() {
        return new GeminiCodec(true);
    }

    @Override
    public Conversation read(JsonObject body, String model, boolean stream) {
        return GeminiRequestReader.read(body, model, stream);
    }

    @Override
    public Written write(Conversation conversation, WriteTerms terms) {
        return GeminiRequestWriter.write(conversation, terms);
    }

    @Override
    public Reply readReply(JsonObject body) {
        return GeminiReplies.read(body);
    }

    @Override
    public JsonObject writeReply(Reply reply, ReplyFacts facts) {
        return GeminiReplies.write(reply, facts);
    }

    @Override
    public PieceReader pieceReader() {
        return new GeminiPieceReader();
    }

    @Override
    public PieceWriter pieceWriter(ReplyFacts facts) {
        return new GeminiPieceWriter(facts, array);
    }
}
