package io.newapi.server.relay.wire.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer of a model.
 *
 * @param id the provider's name for it; may be empty
 * @param model the name that the provider gives the model; may be empty
 * @param parts what was thought, said and called, in order
 * @param finish why it is over
 * @param stopSequence which of the words ended it; empty for other reasons
 * @param spent what it took; null if the provider does not say
 */
public record Reply(
        String id,
        String model,
        List<Part> parts,
        FinishReason finish,
        String stopSequence,
        @Nullable Spent spent) {

    /** An immutable copy. */
    public Reply {
        parts = List.copyOf(parts);
    }
}
