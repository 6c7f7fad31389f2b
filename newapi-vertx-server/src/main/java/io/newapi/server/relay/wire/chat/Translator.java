package io.newapi.server.relay.wire.chat;

import io.newapi.core.pricing.Usage;
import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.CompletionCount;
import io.newapi.server.relay.wire.JsonTree;
import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.relay.wire.chat.Codec.ReplyFacts;
import io.newapi.server.relay.wire.chat.Codec.WriteTerms;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Says a client's request in the format of a provider that does not speak the client's, and the provider's answer in the client's.
 * Immutable.
 */
public final class Translator {

    /** What New API sets where nothing else is set: {@code claude.default_max_tokens}, {@code gemini.safety_settings}. */
    private static final WriteTerms TERMS = new WriteTerms(
            8192,
            Map.of(
                    "HARM_CATEGORY_HARASSMENT", "OFF",
                    "HARM_CATEGORY_HATE_SPEECH", "OFF",
                    "HARM_CATEGORY_SEXUALLY_EXPLICIT", "OFF",
                    "HARM_CATEGORY_DANGEROUS_CONTENT", "OFF"));

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.\\[\\]-]{1,100}");

    /** The number of a message helps nobody, and makes many names of one. */
    private static final Pattern NUMBER = Pattern.compile("\\[\\d+]");

    private static final int MAX_LOST = 20;

    private final ClientRequest request;
    private final Codec ours;
    private final Codec theirs;

    /**
     * For a request.
     *
     * @param spoken what the provider speaks
     * @param counting how it counts
     */
    public Translator(ClientRequest request, WireFormat spoken, CompletionCount counting) {
        this.request = request;
        this.ours = Codecs.of(request.format(), CompletionCount.WITH_REASONING);
        this.theirs = Codecs.of(spoken, counting);
    }

    /**
     * A request in the provider's format.
     *
     * @param body its bytes
     * @param lost the client's fields that it does not pass on, in order: the first few that look like names of fields, since a
     *     client may write anything there
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Asked(byte[] body, List<String> lost) {

        /** An immutable copy of the list. */
        public Asked {
            lost = List.copyOf(lost);
        }
    }

    /**
     * The request as the provider is to read it.
     *
     * @throws Unreadable if it is not one of the client's format
     * @throws Unsayable if the provider's format has no words for something in it
     */
    public Asked ask(String upstreamModel) {
        Conversation conversation;
        try {
            conversation = ours.read(JsonTree.read(request.body()), request.model(), request.stream());
        } catch (IOException e) {
            throw new Unreadable("", "is not JSON that can be read");
        }
        Codec.Written written = theirs.write(conversation.withModel(upstreamModel), TERMS);
        List<String> lost = Stream.concat(written.lost().stream(), conversation.unheld().stream())
                .map(field -> NUMBER.matcher(field).replaceAll("[]"))
                .filter(field -> NAME.matcher(field).matches())
                .sorted()
                .distinct()
                .limit(MAX_LOST)
                .toList();
        return new Asked(JsonTree.write(written.body()), lost);
    }

    /**
     * The answer as the client is to read it.
     *
     * @throws Unreadable if it is not one of the provider's format
     */
    public byte[] answer(byte[] whole, ReplyFacts facts) {
        try {
            Reply reply = theirs.readReply(JsonTree.read(whole));
            return JsonTree.write(ours.writeReply(reply, facts));
        } catch (IOException e) {
            throw new Unreadable("", "is not JSON that can be read");
        }
    }

    /** The same for an answer that comes in pieces. */
    public StreamTranslation stream(ReplyFacts facts) {
        return new StreamTranslation(theirs.pieceReader(), ours.pieceWriter(facts));
    }

    /** What was charged, where the provider has not said how much of it was thought. */
    static Spent spent(Usage usage, long reasoningTokens) {
        return new Spent(usage, Math.min(reasoningTokens, usage.completionTokens()));
    }
}
