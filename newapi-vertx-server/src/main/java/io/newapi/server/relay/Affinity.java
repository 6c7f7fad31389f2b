package io.newapi.server.relay;

import io.newapi.core.channel.AffinityKey;
import io.newapi.core.channel.SelectionTerms;
import io.newapi.server.snapshot.Options;
import org.jspecify.annotations.Nullable;

/**
 * Which calls belong together, so that they meet the channel whose upstream has their beginning in its prompt cache: those
 * of one user that name the same conversation in a header, or in {@code prompt_cache_key}, or that begin with the same
 * words. What is no conversation belongs to nothing.
 */
final class Affinity {

    /** More of a header than this does not count; it is the client's to choose. */
    private static final int MAX_HEADER_CHARS = 256;

    private Affinity() {}

    /** How to choose a channel for {@code call}. */
    static SelectionTerms terms(Call call) {
        Options options = call.world().options();
        SelectionTerms terms = options.selectionTerms();
        boolean belongs = options.affinityEnabled() && call.request().format().conversation();
        return belongs ? terms.with(key(call, options.affinityHeader())) : terms;
    }

    private static AffinityKey key(Call call, String header) {
        long user = call.caller().user().id();
        String session = header.isEmpty() ? null : session(call, header);
        return session != null
                ? AffinityKey.of(user, session)
                : AffinityKey.of(user, call.request().conversation());
    }

    private static @Nullable String session(Call call, String header) {
        String value = call.exchange().request().getHeader(header);
        if (value == null || value.isBlank()) {
            return null;
        }
        return value.length() <= MAX_HEADER_CHARS ? value : value.substring(0, MAX_HEADER_CHARS);
    }
}
