package io.newapi.server.cluster;

import java.util.HashMap;
import java.util.Map;

/** The other nodes, as far as their frames tell: who was heard, and up to which number. Confined to one thread. */
final class Peers {

    /** More would be no cluster, but somebody who invents senders. */
    private static final int MAX = 10_000;

    /** What a frame's number says. */
    enum Hearing {
        /** It follows the one before. */
        NEXT,
        /** Others before it were missed. */
        GAP,
        /** It was heard before. */
        REPEATED
    }

    private record Heard(long number, long atNanos) {}

    private final Map<String, Heard> heard = new HashMap<>();
    private final long forgetAfterNanos;

    /** @param forgetAfterNanos after so long a silence a sender is forgotten */
    Peers(long forgetAfterNanos) {
        this.forgetAfterNanos = forgetAfterNanos;
    }

    Hearing hear(Frame frame, long nowNanos) {
        Heard last = heard.get(frame.sender());
        if (last != null && frame.number() <= last.number()) {
            return Hearing.REPEATED;
        }
        if (last == null && heard.size() >= MAX) {
            return Hearing.GAP;
        }
        heard.put(frame.sender(), new Heard(frame.number(), nowNanos));
        long expected = last == null ? 1 : last.number() + 1;
        return frame.number() == expected ? Hearing.NEXT : Hearing.GAP;
    }

    void forgetSilent(long nowNanos) {
        heard.values().removeIf(peer -> nowNanos - peer.atNanos() > forgetAfterNanos);
    }
}
