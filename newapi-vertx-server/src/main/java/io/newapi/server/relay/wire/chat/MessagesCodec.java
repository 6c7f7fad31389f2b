package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;

/**
 * Anthropic's Messages API ({@code POST /v1/messages}; API reference, Messages, as of {@code anthropic-version} 2023-06-01 and its
 * SDK 1.14). Immutable.
 *
 * <p>Not said to it: {@code seed}, {@code frequency_penalty}, {@code presence_penalty}, {@code detail}, {@code strict} of tools;
 * temperature above 1; temperature, {@code top_p} and {@code top_k} where the model or thinking refuses them; thinking where a tool
 * must be called. Refused: several choices, audio and video, other providers' files and hosted tools, pictures that the model made,
 * pictures and documents of other types than it reads.
 */
public final class MessagesCodec implements Codec {

    /** The format. */
    public MessagesCodec() {}

    @Override
    public Conversation read(JsonObject body, String model, boolean stream) {
        return MessagesRequestReader.read(body);
    }

    @Override
    public Written write(Conversation conversation, WriteTerms terms) {
        return MessagesRequestWriter.write(conversation, terms);
    }

    @Override
    public Reply readReply(JsonObject body) {
        return MessagesReplies.read(body);
    }

    @Override
    public JsonObject writeReply(Reply reply, ReplyFacts facts) {
        return MessagesReplies.write(reply, facts);
    }

    @Override
    public PieceReader pieceReader() {
        return new MessagesPieceReader();
    }

    @Override
    public PieceWriter pieceWriter(ReplyFacts facts) {
        return new MessagesPieceWriter(facts);
    }
}
