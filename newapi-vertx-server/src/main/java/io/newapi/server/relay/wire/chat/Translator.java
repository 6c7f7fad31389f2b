package io.newapi.server.relay.wire.chat;

import io.newapi.core.pricing.Usage;
import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.CompletionCount;
import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.relay.wire.chat.Codec.ReplyFacts;
import io.newapi.server.relay.wire.chat.Codec.WriteTerms;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Says a client's request in the format of a provider that does not speak the client's, and the provider's answer in the client's.
 * Immutable.
 */
public interface Translator {

    /**
     * For a request.
     *
     * @param spoken what the provider speaks; one of the formats in which the request's {@linkplain WireFormat#saidIn can be said}
     * @param counting how it counts
     */
    static Translator of(ClientRequest request, WireFormat spoken, CompletionCount counting) {
        return request.format() == WireFormat.EMBEDDINGS
                ? new EmbeddingTranslator(request)
                : new ConversationTranslator(request, spoken, counting);
    }

    /**
     * The request as the provider is to read it.
     *
     * @param named the model, by the provider's name, and what the end of its name asks for
     * @param terms what the provider needs to be told beside that
     * @throws Unreadable if it is not one of the client's format
     * @throws Unsayable if the provider's format has no words for something in it
     */
    Asked ask(ModelSuffix named, WriteTerms terms);

    /**
     * The answer as the client is to read it.
     *
     * @throws Unreadable if it is not one of the provider's format
     */
    byte[] answer(byte[] whole, ReplyFacts facts);

    /**
     * The same for an answer that comes in pieces.
     *
     * @throws IllegalStateException if the client's format is not streamed
     */
    StreamTranslation stream(ReplyFacts facts);

    /**
     * A request in the provider's format.
     *
     * @param body its bytes
     * @param lost the client's fields that it does not pass on, in order: the first few that look like names of fields, since a
     *     client may write anything there
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Asked(byte[] body, List<String> lost) {

        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.\\[\\]-]{1,100}");

        /** The number of a message helps nobody, and makes many names of one. */
        private static final Pattern NUMBER = Pattern.compile("\\[\\d+]");

        private static final int MAX_LOST = 20;

        /** An immutable copy of the list. */
        public Asked {
            lost = List.copyOf(lost);
        }

        static Asked of(byte[] body, Collection<String> lost) {
            return new Asked(
                    body,
                    lost.stream()
                            .map(field -> NUMBER.matcher(field).replaceAll("[]"))
                            .filter(field -> NAME.matcher(field).matches())
                            .sorted()
                            .distinct()
                            .limit(MAX_LOST)
                            .toList());
        }
    }

    /** What was charged, where the provider has not said how much of it was thought. */
    static Spent spent(Usage usage, long reasoningTokens) {
        return new Spent(usage, Math.min(reasoningTokens, usage.completionTokens()));
    }
}
