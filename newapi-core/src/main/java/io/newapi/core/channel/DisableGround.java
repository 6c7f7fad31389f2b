package io.newapi.core.channel;

/**
 * Why a failure speaks for disabling the channel, or the key, that was called.
 *
 * @param kind what it rests on
 * @param keyword the keyword that the upstream's message contains, in lower case; empty unless that is the ground
 */
public record DisableGround(Kind kind, String keyword) {

    /** What a ground rests on, and how often in a row it has to be seen. */
    public enum Kind {
        /** The upstream names the account's state in a field for programs, where nothing of the client's request gets. */
        ACCOUNT(2),
        /** The upstream's status, or its code, says that the key is refused. */
        REFUSED(3),
        /** The upstream's message contains a keyword; it may do so because it quotes the client. */
        KEYWORD(3),
        /** A test of ours took too long. */
        SLOW(2);

        private final int needed;

        Kind(int needed) {
            this.needed = needed;
        }
    }

    /** A ground that is no keyword. */
    public static DisableGround of(Kind kind) {
        return new DisableGround(kind, "");
    }

    /** How many calls in a row have to fail, the last with this ground, before anything is disabled. */
    public int needed() {
        return kind.needed;
    }
}
