package io.newapi.core.channel;

import io.newapi.core.channel.Selection.Selected;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/** Every channel that serves a model in a group, in {@linkplain Tier tiers} of falling priority. Immutable. */
final class Route {

    static final Route NOWHERE = new Route(new Selected[0]);

    private final List<Channel> channels;
    private final Tier[] tiers;
    private final boolean singleKeys;

    /** @param members of falling priority; kept, so do not change it */
    Route(Selected[] members) {
        this.channels = new Channels(members);
        List<Tier> found = new ArrayList<>(1);
        int start = 0;
        for (int end = 1; end <= members.length; end++) {
            if (end == members.length
                    || members[end].channel().priority()
                            != members[start].channel().priority()) {
                found.add(new Tier(Arrays.copyOfRange(members, start, end)));
                start = end;
            }
        }
        this.tiers = found.toArray(new Tier[0]);
        this.singleKeys = members.length > 0 && allSingle(members);
    }

    private static boolean allSingle(Selected[] members) {
        for (Selected member : members) {
            if (!(member.channel().keys() instanceof ChannelKeys.Single)) {
                return false;
            }
        }
        return true;
    }

    /** The channels in order of tiers; cannot be changed. */
    List<Channel> channels() {
        return channels;
    }

    /** Whether there are channels, and each has one key, so that a drawn channel needs no choice of a key. */
    boolean singleKeys() {
        return singleKeys;
    }

    int tiers() {
        return tiers.length;
    }

    /** The tier at {@code index}; 0 has the highest priority. */
    Tier tier(int index) {
        return tiers[index];
    }

    /** A view that takes no memory of its own. */
    private static final class Channels extends AbstractList<Channel> implements RandomAccess {
        private final Selected[] members;

        private Channels(Selected[] members) {
            this.members = members;
        }

        @Override
        public Channel get(int index) {
            return members[index].channel();
        }

        @Override
        public int size() {
            return members.length;
        }
    }
}
