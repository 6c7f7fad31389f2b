package io.newapi.server.relay.wire;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * A format in which models are called: clients write in it, and providers read it. There are those of conversations, which are
 * translated into each other, and those of the endpoints beside them, which mostly only providers understand that have such an endpoint.
 */
public enum WireFormat {
    /** OpenAI's chat completions. */
    CHAT {
        @Override
        public StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting) {
            return new ChatMeter(model, usageWanted, counting);
        }

        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return ChatAnswer.read(answer, model, counting);
        }
    },

    /** OpenAI's responses. */
    RESPONSES {
        @Override
        public StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting) {
            return new ResponsesMeter(model);
        }

        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return ResponsesAnswer.read(answer, model);
        }
    },

    /** Anthropic's messages. */
    MESSAGES {
        @Override
        public StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting) {
            return new MessagesMeter(model);
        }

        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return MessagesAnswer.read(answer, model);
        }
    },

    /** Google's {@code generateContent}. */
    GEMINI {
        @Override
        public StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting) {
            return new GeminiMeter(model);
        }

        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return GeminiAnswer.read(answer, model);
        }
    },

    /** OpenAI's responses, when a conversation is to be made shorter. */
    RESPONSES_COMPACT {
        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return ResponsesAnswer.read(answer, model);
        }

        @Override
        public String modelSuffix() {
            return "-openai-compact";
        }
    },

    /** OpenAI's old completions. */
    COMPLETIONS {
        @Override
        public StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting) {
            return ChatMeter.ofCompletions(model, usageWanted, counting);
        }

        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return ChatAnswer.read(answer, model, counting);
        }
    },

    /** OpenAI's embeddings. */
    EMBEDDINGS {
        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return InputAnswer.read(answer, "prompt_tokens", "input_tokens", "total_tokens");
        }
    },

    /** OpenAI's moderations. */
    MODERATIONS {
        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return InputAnswer.read(answer, "prompt_tokens", "input_tokens", "total_tokens");
        }
    },

    /** Putting documents in order, as Jina and Cohere have it. */
    RERANK {
        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return InputAnswer.read(answer, "total_tokens", "prompt_tokens", "input_tokens");
        }
    },

    /** Google's {@code embedContent}. */
    EMBED_CONTENT {
        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return InputAnswer.read(answer, "promptTokenCount", "totalTokenCount");
        }
    },

    /** Google's {@code batchEmbedContents}. */
    BATCH_EMBED_CONTENTS {
        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return InputAnswer.read(answer, "promptTokenCount", "totalTokenCount");
        }
    },

    /** OpenAI's images, made of a text. */
    IMAGES {
        @Override
        public StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting) {
            return EventMeter.ofImages(model);
        }

        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return ImageAnswer.read(answer);
        }
    },

    /** OpenAI's images, made of others. */
    IMAGE_EDITS {
        @Override
        public StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting) {
            return EventMeter.ofImages(model);
        }

        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return ImageAnswer.read(answer);
        }
    },

    /** OpenAI's speech, made of a text. */
    SPEECH {
        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return InputAnswer.read(answer, "prompt_tokens", "input_tokens", "total_tokens");
        }

        @Override
        public boolean answersInBytes() {
            return true;
        }

        @Override
        public String accepts() {
            return "*/*";
        }
    },

    /** OpenAI's transcriptions of sound. */
    TRANSCRIPTIONS {
        @Override
        public StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting) {
            return EventMeter.ofTranscripts(model);
        }

        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return TranscriptAnswer.read(answer, model);
        }

        @Override
        public String accepts() {
            return "*/*";
        }
    },

    /** OpenAI's translations of sound. */
    TRANSLATIONS {
        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return TranscriptAnswer.read(answer, model);
        }

        @Override
        public StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting) {
            return EventMeter.ofTranscripts(model);
        }

        @Override
        public String accepts() {
            return "*/*";
        }
    };

    private static final Set<WireFormat> CONVERSATIONS =
            Collections.unmodifiableSet(EnumSet.of(CHAT, RESPONSES, MESSAGES, GEMINI));

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
     */
    public StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting) {
        throw new IllegalStateException(this + " is not streamed");
    }

    /** Looks at a whole answer. */
    public abstract AnswerFacts facts(byte[] answer, String model, CompletionCount counting);

    /** What stands behind the names of models here, and not with providers, so that calls have a price of their own; mostly nothing. */
    public String modelSuffix() {
        return "";
    }

    /** Whether an answer is no text, and passes as it comes. */
    public boolean answersInBytes() {
        return false;
    }

    /** The media types of an answer that is not streamed. */
    public String accepts() {
        return "application/json";
    }
}
