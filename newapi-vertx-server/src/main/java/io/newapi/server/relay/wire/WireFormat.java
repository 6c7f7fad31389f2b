package io.newapi.server.relay.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * A format in which models are called: clients write in it, and providers read it. There are those of conversations, which are
 * translated into each other, and those of the endpoints beside them, which mostly only providers understand that have such an endpoint.
 */
public enum WireFormat {
    /** OpenAI's chat completions. */
    CHAT(ChatMeter::new, ChatAnswer::read),

    /** OpenAI's responses. */
    RESPONSES(
            (model, usageWanted, counting) -> new ResponsesMeter(model),
            (answer, model, counting) -> ResponsesAnswer.read(answer, model)),

    /** Anthropic's messages. */
    MESSAGES(
            (model, usageWanted, counting) -> new MessagesMeter(model),
            (answer, model, counting) -> MessagesAnswer.read(answer, model)),

    /** Google's {@code generateContent}. */
    GEMINI(
            (model, usageWanted, counting) -> new GeminiMeter(model),
            (answer, model, counting) -> GeminiAnswer.read(answer, model)),

    /** OpenAI's responses, when a conversation is to be made shorter. */
    RESPONSES_COMPACT(WireFormat::unstreamed, (answer, model, counting) -> ResponsesAnswer.read(answer, model)),

    /** OpenAI's old completions. */
    COMPLETIONS(ChatMeter::ofCompletions, ChatAnswer::read),

    /** OpenAI's embeddings. */
    EMBEDDINGS(WireFormat::unstreamed, counted("prompt_tokens", "input_tokens", "total_tokens")),

    /** OpenAI's moderations. */
    MODERATIONS(WireFormat::unstreamed, counted("prompt_tokens", "input_tokens", "total_tokens")),

    /** Putting documents in order, as Jina and Cohere have it. */
    RERANK(WireFormat::unstreamed, counted("total_tokens", "prompt_tokens", "input_tokens")),

    /** Google's {@code embedContent}. */
    EMBED_CONTENT(WireFormat::unstreamed, counted("promptTokenCount", "totalTokenCount")),

    /** Google's {@code batchEmbedContents}. */
    BATCH_EMBED_CONTENTS(WireFormat::unstreamed, counted("promptTokenCount", "totalTokenCount")),

    /** OpenAI's images, made of a text. */
    IMAGES(
            (model, usageWanted, counting) -> EventMeter.ofImages(model),
            (answer, model, counting) -> ImageAnswer.read(answer)),

    /** OpenAI's images, made of others. */
    IMAGE_EDITS(IMAGES.meters, IMAGES.answers),

    /** OpenAI's speech, made of a text. */
    SPEECH(WireFormat::unstreamed, counted("prompt_tokens", "input_tokens", "total_tokens")),

    /** OpenAI's transcriptions of sound. */
    TRANSCRIPTIONS(
            (model, usageWanted, counting) -> EventMeter.ofTranscripts(model),
            (answer, model, counting) -> TranscriptAnswer.read(answer, model)),

    /** OpenAI's translations of sound. */
    TRANSLATIONS(TRANSCRIPTIONS.meters, TRANSCRIPTIONS.answers),

    /** OpenAI's live connections, on which messages go both ways. */
    REALTIME(WireFormat::unstreamed, WireFormat::unanswered);

    private static final Set<WireFormat> CONVERSATIONS =
            Collections.unmodifiableSet(EnumSet.of(CHAT, RESPONSES, MESSAGES, GEMINI));

    private static final Set<WireFormat> IN_BYTES = Collections.unmodifiableSet(EnumSet.of(SPEECH));
    private static final Set<WireFormat> NOT_ALWAYS_JSON =
            Collections.unmodifiableSet(EnumSet.of(SPEECH, TRANSCRIPTIONS, TRANSLATIONS));

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Meters meters;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Answers answers;

    WireFormat(Meters meters, Answers answers) {
        this.meters = meters;
        this.answers = answers;
    }

    private interface Meters {
        StreamMeter of(String model, boolean usageWanted, CompletionCount counting);
    }

    private interface Answers {
        AnswerFacts read(byte[] answer, String model, CompletionCount counting);
    }

    private static StreamMeter unstreamed(String model, boolean usageWanted, CompletionCount counting) {
        throw new IllegalStateException("answers in this format are not streamed");
    }

    private static AnswerFacts unanswered(byte[] answer, String model, CompletionCount counting) {
        throw new IllegalStateException("connections in this format have no answer");
    }

    /** Answers of which only what was read is counted. */
    private static Answers counted(String... names) {
        return (answer, model, counting) -> InputAnswer.read(answer, names);
    }

    /** Other formats in which a request can be said. */
    public Set<WireFormat> saidIn() {
        if (conversation()) {
            return CONVERSATIONS;
        }
        return this == EMBEDDINGS ? Set.of(BATCH_EMBED_CONTENTS) : Set.of();
    }

    /** Whether it is one of conversations with chat models. */
    public boolean conversation() {
        return CONVERSATIONS.contains(this);
    }

    /**
     * Looks at a streamed answer.
     *
     * @param model decides how text is estimated
     * @param usageWanted whether the client wants the chunk that carries nothing but the usage (OpenAI only)
     * @param counting how the upstream counts
     * @throws IllegalStateException if answers in this format are not streamed
     */
    public StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting) {
        return meters.of(model, usageWanted, counting);
    }

    /**
     * What a stream of events has in it while nothing else is to be said: a comment, which is no event; Anthropic's own event
     * (its document on streams, "Ping events"); and for Google's libraries, which take a comment for an event that they cannot read,
     * an empty one, which they leave out.
     */
    Buffer ping() {
        return Buffer.buffer(
                switch (this) {
                    case MESSAGES -> "event: ping\ndata: {\"type\": \"ping\"}\n\n";
                    case GEMINI -> "\n\n";
                    default -> ": PING\n\n";
                });
    }

    /** Looks at a whole answer. */
    public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
        return answers.read(answer, model, counting);
    }

    /** What stands behind the names of models here, and not with providers, so that calls have a price of their own; mostly nothing. */
    public String modelSuffix() {
        return this == RESPONSES_COMPACT ? "-openai-compact" : "";
    }

    /** Whether an answer is no text, and passes as it comes. */
    public boolean answersInBytes() {
        return IN_BYTES.contains(this);
    }

    /** The media types of an answer that is not streamed. */
    public String accepts() {
        return NOT_ALWAYS_JSON.contains(this) ? "*/*" : "application/json";
    }
}
