package io.newapi.core.channel;

/**
 * What calls have in common that should meet the same channel and key, such as a conversation whose beginning the upstream
 * keeps in its prompt cache. Immutable.
 *
 * <p>Nothing is stored for a key: every node derives the same preference from it, by rendezvous hashing. Each channel draws
 * a lot from the key and its own id, and the best lot wins; of many keys, a channel gets its weight's share. A channel that
 * comes takes over only the keys that it wins, and one that goes or cools down leaves only its own keys to the others.
 *
 * @param hash 64 well-mixed bits
 */
public record AffinityKey(long hash) {

    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    /**
     * The key of a conversation of a user. Users do not share a key, so none can steer the calls of another.
     *
     * @param conversation whatever the client calls it by
     */
    public static AffinityKey of(long userId, CharSequence conversation) {
        long hash = GOLDEN;
        for (int i = 0; i < conversation.length(); i++) {
            hash = mix(hash + conversation.charAt(i));
        }
        return of(userId, hash);
    }

    /**
     * The key of a conversation of a user.
     *
     * @param conversation a hash of what does not change while the conversation goes on, such as its first message
     */
    public static AffinityKey of(long userId, long conversation) {
        return new AffinityKey(mix(mix(userId + GOLDEN) ^ conversation));
    }

    /** Bits drawn for one candidate; the same on every node. */
    long bitsFor(long candidate) {
        return mix(mix(candidate * GOLDEN) ^ hash);
    }

    /** The finishing step of SplitMix64: every bit of the result depends on every bit of {@code bits}. */
    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }
}
