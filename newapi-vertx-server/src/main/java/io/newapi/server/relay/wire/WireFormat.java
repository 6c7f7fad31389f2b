package io.newapi.server.relay.wire;

import io.vertx.core.buffer.Buffer;

/** A format in which chat models are spoken to: clients write in it, and providers read it. */
public enum WireFormat {
    /** OpenAI's chat completions. */
    CHAT {
        @Override
        public ClientFormat clientFormat() {
            return ClientFormat.OPENAI;
        }

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
        public ClientFormat clientFormat() {
            return ClientFormat.OPENAI;
        }

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
        public ClientFormat clientFormat() {
            return ClientFormat.ANTHROPIC;
        }

        /** As Anthropic itself does (its document on streams: ping events). */
        @Override
        Buffer ping() {
            return Buffer.buffer("event: ping\ndata: {\"type\": \"ping\"}\n\n");
        }

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
        public ClientFormat clientFormat() {
            return ClientFormat.GEMINI;
        }

        /** Its libraries take a comment for an event that they cannot read, but leave out empty ones. */
        @Override
        Buffer ping() {
            return Buffer.buffer("\n\n");
        }

        @Override
        public StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting) {
            return new GeminiMeter(model);
        }

        @Override
        public AnswerFacts facts(byte[] answer, String model, CompletionCount counting) {
            return GeminiAnswer.read(answer, model);
        }
    };

    /** In which its clients read errors. */
    public abstract ClientFormat clientFormat();

    /**
     * Looks at a streamed answer.
     *
     * @param model decides how text is estimated
     * @param usageWanted whether the client wants the chunk that carries nothing but the usage (OpenAI only)
     * @param counting how the upstream counts
     */
    public abstract StreamMeter streamMeter(String model, boolean usageWanted, CompletionCount counting);

    /** What a stream of events has in it while nothing else is to be said: a comment, which is no event. */
    Buffer ping() {
        return Buffer.buffer(": PING\n\n");
    }

    /** Looks at a whole answer. */
    public abstract AnswerFacts facts(byte[] answer, String model, CompletionCount counting);
}
