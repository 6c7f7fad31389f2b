package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;

/**
 * OpenAI's responses (API reference, "Responses"), as far as the provider need not keep anything.
 *
 * <p>What is refused in a client's request, since no other provider could answer it: {@code previous_response_id}, {@code
 * conversation}, {@code prompt}, {@code context_management}, {@code background}; references to stored items, compacted ones, and
 * the calls of a provider's own tools; a choice of such a tool. What the format cannot say: several choices, tools of a provider's
 * own, sound at an address. Lost, and named in {@link Codec.Written#lost}, are stops, {@code top_k}, {@code seed}, penalties,
 * marks for a cache, thoughts without a signature, whether a tool's result is an error, how often the web may be searched; and
 * what OpenAI's reasoning models do not take.
 *
 * <p>Signatures of thoughts are the {@code encrypted_content} of reasoning items ("Reasoning models", "Encrypted reasoning items");
 * those of calls travel as {@link ChatCodec} says, in the item of the call.
 */
public final class ResponsesCodec implements Codec {

    @Override
    public Conversation read(JsonObject body, String model, boolean stream) {
        return new ResponsesRequestReader(Fields.of(body)).read();
    }

    @Override
    public Written write(Conversation conversation, WriteTerms terms) {
        return new ResponsesRequestWriter(conversation).write();
    }

    @Override
    public Reply readReply(JsonObject body) {
        return new ResponsesReplyReader(Fields.of(body)).read();
    }

    @Override
    public JsonObject writeReply(Reply reply, ReplyFacts facts) {
        return new ResponsesReplyWriter(reply, facts).write();
    }

    @Override
    public PieceReader pieceReader() {
        return new ResponsesPieceReader();
    }

    @Override
    public PieceWriter pieceWriter(ReplyFacts facts) {
        return new ResponsesPieceWriter(facts);
    }
}
