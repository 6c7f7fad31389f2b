package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.CompletionCount;
import io.newapi.server.relay.wire.JsonTree;
import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.relay.wire.chat.Codec.ReplyFacts;
import io.newapi.server.relay.wire.chat.Codec.WriteTerms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Translates a conversation: reads it in the one format, and writes it in the other. Immutable. */
final class ConversationTranslator implements Translator {

    private final ClientRequest request;
    private final Codec ours;
    private final Codec theirs;

    ConversationTranslator(ClientRequest request, WireFormat spoken, CompletionCount counting) {
        this.request = request;
        this.ours = Codecs.of(request.format(), CompletionCount.WITH_REASONING);
        this.theirs = Codecs.of(spoken, counting);
    }

    @Override
    public Asked ask(ModelSuffix named, WriteTerms terms) {
        Conversation conversation;
        try {
            conversation = ours.read(JsonTree.read(request.body()), request.model(), request.stream());
        } catch (IOException e) {
            throw new Unreadable("", "is not JSON that can be read");
        }
        Codec.Written written = theirs.write(named.in(conversation, terms.defaultMaxTokens()), terms);
        List<String> lost = new ArrayList<>(written.lost());
        lost.addAll(conversation.unheld());
        return Asked.of(JsonTree.write(written.body()), lost);
    }

    @Override
    public byte[] answer(byte[] whole, ReplyFacts facts) {
        try {
            Reply reply = theirs.readReply(JsonTree.read(whole));
            return JsonTree.write(ours.writeReply(reply, facts));
        } catch (IOException e) {
            throw new Unreadable("", "is not JSON that can be read");
        }
    }

    @Override
    public StreamTranslation stream(ReplyFacts facts) {
        return new StreamTranslation(theirs.pieceReader(), ours.pieceWriter(facts));
    }
}
