package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.JsonTree;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Optional;

/**
 * How a channel wants the chat completions that it answers with to look. Immutable.
 *
 * @param plain whether they have the fields of the format only: OpenAI's, and those that this gateway itself writes
 * @param thoughtsAsContent whether what is thought stands before the answer in its text; of streams only, as with New API
 */
public record ChatStyle(boolean plain, boolean thoughtsAsContent) {

    /** As they come. */
    public static final ChatStyle UNCHANGED = new ChatStyle(false, false);

    /** What it makes of a stream; empty if it leaves it as it is. */
    public Optional<StreamRewriting> stream(Codec.ReplyFacts facts) {
        return plain || thoughtsAsContent ? Optional.of(new StyledChat(this, facts)) : Optional.empty();
    }

    /**
     * What it makes of a whole answer.
     *
     * @throws Unreadable if that is no JSON object
     */
    public byte[] whole(byte[] answer, Codec.ReplyFacts facts) {
        if (!plain) {
            return answer;
        }
        try {
            JsonObject body = JsonTree.read(answer);
            return JsonTree.write(PlainChat.of(body, "chat.completion", facts));
        } catch (IOException e) {
            throw new Unreadable("", "is not JSON that can be read");
        }
    }
}
