package io.newapi.server.relay.provider;

import io.newapi.server.relay.wire.CompletionCount;
import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.relay.wire.chat.Suffixes;
import java.util.Comparator;
import java.util.Set;

/** How one kind of upstream is spoken to. Stateless and thread-safe. */
public interface Provider {

    /** The formats that it reads, and answers in. */
    Set<WireFormat> formats();

    /** Whether a call of a client in this format can be said to it. */
    default boolean serves(WireFormat asked) {
        return formats().contains(asked) || formats().stream().anyMatch(asked.saidIn()::contains);
    }

    /**
     * The format in which a call of a client is said to it: the client's own if it reads that, else the first that it reads of those in
     * which the same can be said.
     *
     * @throws java.util.NoSuchElementException if it does not {@linkplain #serves serve} that
     */
    default WireFormat formatFor(WireFormat asked) {
        return formats().contains(asked)
                ? asked
                : formats().stream()
                        .filter(asked.saidIn()::contains)
                        .min(Comparator.naturalOrder())
                        .orElseThrow();
    }

    /**
     * Where a call goes, and how it is signed.
     *
     * @param format one of {@link #formats}
     * @throws IllegalArgumentException if the channel's address is not a usable URL
     */
    UpstreamCall call(WireFormat format, Target target);

    /** The provider's name, for lists. */
    String name();

    /** The address of a channel that names none; empty if the type has none. */
    String defaultBaseUrl();

    /** Whether {@code stream_options} may be sent. */
    default boolean understandsStreamOptions() {
        return false;
    }

    /** Whose models' names may end with a word that asks for something. */
    default Suffixes suffixes() {
        return Suffixes.NONE;
    }

    /** How it counts what was written. */
    default CompletionCount completionCount() {
        return CompletionCount.WITH_REASONING;
    }
}
