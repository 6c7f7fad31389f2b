package io.newapi.server.relay.wire.chat;

import java.util.List;

/** One thing among those that are said in a turn or an answer. Immutable. */
public sealed interface Part {

    /** How long a provider is asked to remember everything up to here (Anthropic's prompt caching). */
    enum CacheMark {
        /** Not asked. */
        NONE,
        /** For five minutes. */
        FIVE_MINUTES,
        /** For an hour. */
        ONE_HOUR
    }

    /** Words. */
    record Text(String text, CacheMark cache) implements Part {

        /** Words that nobody is asked to remember. */
        public static Text of(String text) {
            return new Text(text, CacheMark.NONE);
        }
    }

    /**
     * A picture.
     *
     * @param detail how closely it is to be looked at: {@code low}, {@code high}, {@code auto}; empty if that is not said
     */
    record Image(Media media, String detail, CacheMark cache) implements Part {}

    /**
     * A document, a PDF mostly.
     *
     * @param title its name; may be empty
     */
    record Document(Media media, String title, CacheMark cache) implements Part {}

    /** Speech or sound. */
    record Audio(Media media) implements Part {}

    /** Moving pictures. */
    record Video(Media media) implements Part {}

    /**
     * What the model thought.
     *
     * @param text may be empty where the provider does not show it
     * @param signature with which the provider recognises it when it comes back; empty if it has none
     */
    record Thought(String text, String signature) implements Part {}

    /**
     * What the model thought and only its provider can read.
     *
     * @param data to be handed back as it is
     */
    record HiddenThought(String data) implements Part {}

    /** That the model will not answer, in its words. */
    record Refusal(String text) implements Part {}

    /**
     * The model wants a tool to be run.
     *
     * @param id by which the result is told apart; unique in the conversation
     * @param name the tool's
     * @param arguments a JSON object as text, {@code {}} for none
     * @param signature of the thought that led to it (Gemini); empty if there is none
     */
    record ToolCall(String id, String name, String arguments, String signature, CacheMark cache) implements Part {}

    /**
     * What came of running it.
     *
     * @param callId the call's
     * @param name the tool's; empty where the format does not repeat it
     * @param content texts, pictures, documents
     * @param failed whether it is what went wrong
     */
    record ToolResult(String callId, String name, List<Part> content, boolean failed, CacheMark cache) implements Part {

        /** An immutable copy. */
        public ToolResult {
            content = List.copyOf(content);
        }
    }
}
