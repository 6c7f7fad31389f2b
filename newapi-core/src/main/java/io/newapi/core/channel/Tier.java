package io.newapi.core.channel;

import io.newapi.core.channel.Selection.Selected;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one priority that serve a model in a group, prepared for draws by weight. Immutable.
 *
 * <p>A draw costs the same for two channels and for 100,000. With different weights it takes a table after Walker and
 * Vose: the weights are cut up into as many columns as there are channels, all of one height, so that each column holds
 * pieces of at most two channels; a draw takes a column and then a height. Everything is whole numbers, so the
 * probability of a channel is exactly its weight over the sum of weights.
 */
final class Tier {

    private final Selected[] members;
    private final long totalWeight;

    /** For each column, up to which height it belongs to its own channel, and to which one above. */
    private final long @Nullable [] columns;

    /** @param members at least one, of equal priority; kept, so do not change it */
    Tier(Selected[] members) {
        this.members = members;
        long total = 0;
        long first = members[0].channel().weight();
        boolean equal = true;
        for (Selected member : members) {
            total += member.channel().weight();
            equal &= member.channel().weight() == first;
        }
        this.totalWeight = total;
        this.columns = equal ? null : columns(members, total);
    }

    int size() {
        return members.length;
    }

    /** The channel at {@code index} with the key of a channel that has one; with the first of several. */
    Selected get(int index) {
        return members[index];
    }

    /** Whether no channel has a weight, so that all are equally likely. */
    boolean weightless() {
        return totalWeight == 0;
    }

    /** One of the channels, drawn by weight. */
    Selected draw(RandomGenerator random) {
        int column = members.length == 1 ? 0 : (int) below(random, members.length);
        long[] table = columns;
        if (table == null || below(random, totalWeight) < table[2 * column]) {
            return members[column];
        }
        return members[(int) table[2 * column + 1]];
    }

    /**
     * A number from 0 to {@code bound} - 1, each exactly as likely: the upper half of a product of 128 bits. Much faster
     * than the division in {@link RandomGenerator#nextLong(long)}.
     */
    static long below(RandomGenerator random, long bound) {
        long bits = random.nextLong();
        long low = bits * bound;
        if (Long.compareUnsigned(low, bound) < 0) {
            // this few products would be one too many for some of the numbers
            long surplus = Long.remainderUnsigned(-bound, bound);
            while (Long.compareUnsigned(low, surplus) < 0) {
                bits = random.nextLong();
                low = bits * bound;
            }
        }
        return Math.multiplyHigh(bits, bound) + ((bits >> 63) & bound);
    }

    private static long[] columns(Selected[] members, long height) {
        int count = members.length;
        long[] columns = new long[2 * count];
        long[] left = new long[count];
        int[] low = new int[count];
        int[] high = new int[count];
        int lows = 0;
        int highs = 0;
        for (int i = 0; i < count; i++) {
            // a weight has 32 bits and an array fewer than 2^31 elements
            left[i] = members[i].channel().weight() * count;
            if (left[i] < height) {
                low[lows++] = i;
            } else {
                high[highs++] = i;
            }
        }
        while (lows > 0) {
            int filled = low[--lows];
            int filler = high[highs - 1];
            columns[2 * filled] = left[filled];
            columns[2 * filled + 1] = filler;
            left[filler] -= height - left[filled];
            if (left[filler] < height) {
                highs--;
                low[lows++] = filler;
            }
        }
        while (highs > 0) {
            columns[2 * high[--highs]] = height;
        }
        return columns;
    }
}
