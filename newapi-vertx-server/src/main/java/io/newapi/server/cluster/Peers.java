package io.newapi.server.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
        if (last == null && heard.size() >= MAX) {
            return Hearing.GAP;
        }
        long lastNumber = last == null ? 0 : last.number();
        // a sign of life has the number of what was said before it
        long expected = frame.isLifeSign() ? lastNumber : lastNumber + 1;
        if (frame.number() < expected) {
            return Hearing.REPEATED;
        }
        heard.put(frame.sender(), new Heard(frame.number(), nowNanos));
        return frame.number() == expected ? Hearing.NEXT : Hearing.GAP;
    }

    /** Who was heard after {@code sinceNanos}. */
    Set<String> heardSince(long sinceNanos) {
        return heard.entrySet().stream()
                .filter(peer -> peer.getValue().atNanos() - sinceNanos >= 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    void forgetSilent(long nowNanos) {
        heard.values().removeIf(peer -> nowNanos - peer.atNanos() > forgetAfterNanos);
    }
}
