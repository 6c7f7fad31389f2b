package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.CompletionCount;
import io.vertx.core.json.JsonObject;

/**
 * OpenAI's chat completions (API reference, "Chat Completions"), with what other vendors of the format have added to it.
 *
 * <p>What it cannot say: several choices, tools of a provider's own, sound and documents at an address, pictures stored with a
 * provider. Lost, and named in {@link Codec.Written#lost}, are {@code top_k}, whether a tool's result is an error, how often the
 * web may be searched, stops beyond the fourth; and what OpenAI's reasoning models do not take: temperature, {@code top_p},
 * penalties, and their own thoughts.
 *
 * <p>Signatures of thoughts travel in {@code reasoning_details} (OpenRouter, "Preserving reasoning"), those of calls in {@code
 * extra_content.google.thought_signature} (Google, OpenAI compatibility, "Thought signatures"); both are taken back.
 */
public final class ChatCodec implements Codec {

    private final CompletionCount counting;

    /** For clients, and providers who count what was thought among the completion. */
    public ChatCodec() {
        this(CompletionCount.WITH_REASONING);
    }

    /**
     * For a provider.
     *
     * @param counting how it counts
     */
    public ChatCodec(CompletionCount counting) {
        this.counting = counting;
    }

    @Override
    public Conversation read(JsonObject body, String model, boolean stream) {
        return new ChatRequestReader(Fields.of(body)).read();
    }

    @Override
    public Written write(Conversation conversation, WriteTerms terms) {
        return new ChatRequestWriter(conversation).write();
    }

    @Override
    public Reply readReply(JsonObject body) {
        return new ChatReplyReader(Fields.of(body), counting).read();
    }

    @Override
    public JsonObject writeReply(Reply reply, ReplyFacts facts) {
        return new ChatReplyWriter(reply, facts).write();
    }

    @Override
    public PieceReader pieceReader() {
        return new ChatPieceReader(counting);
    }

    @Override
    public PieceWriter pieceWriter(ReplyFacts facts) {
        return new ChatPieceWriter(facts);
    }
}
