package io.newapi.server.relay.wire.chat;

/**
 * A piece of an answer that comes bit by bit. {@link Begin} comes first and once, {@link End} once and after all but {@link
 * Count}; what belongs to one text, thought or call comes without anything of another between, but for arguments of calls that
 * run beside each other.
 */
public sealed interface Piece {

    /**
     * It begins.
     *
     * @param id the provider's name for the answer; may be empty
     * @param model the name that the provider gives the model; may be empty
     */
    record Begin(String id, String model) implements Piece {}

    /** More words. */
    record Text(String text) implements Piece {}

    /** More of what it thinks. */
    record Thought(String text) implements Piece {}

    /** With what the provider recognises the thought that is being told. */
    record ThoughtSignature(String signature) implements Piece {}

    /** A thought that only the provider can read. */
    record HiddenThought(String data) implements Piece {}

    /** More of why it will not answer. */
    record Refusal(String text) implements Piece {}

    /** A picture or a sound, whole. */
    record Picture(Media.Inline media) implements Piece {}

    /**
     * It wants a tool.
     *
     * @param number from 0, one more for each call of the answer
     * @param signature as {@link Part.ToolCall#signature}
     */
    record Call(int number, String id, String name, String signature) implements Piece {}

    /**
     * More of a call's arguments.
     *
     * @param number the call's
     * @param json the next characters of a JSON object
     */
    record Arguments(int number, String json) implements Piece {}

    /**
     * What it has taken so far; the last counts.
     *
     * @param last whether the provider will not correct it any more
     */
    record Count(Spent spent, boolean last) implements Piece {}

    /** It is over. */
    record End(FinishReason finish, String stopSequence) implements Piece {}

    /**
     * The provider reports an error in the middle.
     *
     * @param event the event, as it came; not for clients' eyes
     */
    record Failure(String event) implements Piece {}
}
