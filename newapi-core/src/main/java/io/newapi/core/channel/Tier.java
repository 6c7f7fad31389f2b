package io.newapi.core.channel;

import io.newapi.core.channel.Selection.Selected;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one priority that serve a model in a group, prepared for draws by weight. Immutable.
 *
 * <p>A draw costs about the same for two channels and for 100,000. With different weights it takes a table after Walker and
 * Vose: the weights are cut up into as many columns as there are channels, all of one height, so that each column holds
 * pieces of at most two channels; a draw takes a column and a height. Everything is whole numbers, so the probability of a
 * channel is exactly its weight over the sum of weights.
 */
final class Tier {

    private static final int HALF = 32;
    private static final long LOW_HALF = (1L << HALF) - 1;

    private final Selected[] members;
    private final long totalWeight;

    /**
     * For each column, above the low half: up to which height it belongs to its own channel; in the low half: to which one
     * above. 8 bytes, so that as much as possible of it stays in the processor's cache. Null if weights are equal, or their
     * sum does not fit into half a number.
     */
    private final long @Nullable [] columns;

    /** The sums of weights up to each channel, for sums that {@link #columns} cannot hold. */
    private final long @Nullable [] sums;

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
        this.columns = !equal && total <= LOW_HALF ? columns(members, total) : null;
        this.sums = !equal && total > LOW_HALF ? sums(members) : null;
    }

    int size() {
        return members.length;
    }

    /** The channel at {@code index} with the key of a channel that has one; with the first of several. */
    Selected get(int index) {
        return members[index];
    }

    /** One of the channels, drawn by weight; if no channel has a weight, all are equally likely. */
    Selected draw(RandomGenerator random) {
        long[] table = columns;
        if (table != null) {
            return members[drawn(table, random)];
        }
        if (sums != null) {
            int found = Arrays.binarySearch(sums, below(random, totalWeight) + 1);
            // the first sum that is not below, for a channel without weight adds nothing to the one before it
            return members[found < 0 ? -found - 1 : firstOf(sums, found)];
        }
        return members[members.length == 1 ? 0 : (int) below(random, members.length)];
    }

    /**
     * Draws a column and a height at once: the digits, in a number system of two bases, of a number below the product of
     * both. It has at most 63 bits, and each is exactly as likely.
     */
    private int drawn(long[] table, RandomGenerator random) {
        long count = table.length;
        long area = count * totalWeight;
        long bits = random.nextLong();
        while (favours(bits * area, area)) {
            bits = random.nextLong();
        }
        int column = (int) upper(bits, count);
        long height = upper(bits * count, totalWeight);
        long entry = table[column];
        return height < entry >>> HALF ? column : (int) (entry & LOW_HALF);
    }

    /**
     * A number from 0 to {@code bound} - 1, each exactly as likely: the upper half of a product of 128 bits. Much faster
     * than the division in {@link RandomGenerator#nextLong(long)}.
     */
    static long below(RandomGenerator random, long bound) {
        long bits = random.nextLong();
        while (favours(bits * bound, bound)) {
            bits = random.nextLong();
        }
        return upper(bits, bound);
    }

    /** Whether the lower half of a product shows that its bits are one too many for their number. */
    private static boolean favours(long low, long bound) {
        return Long.compareUnsigned(low, bound) < 0
                && Long.compareUnsigned(low, Long.remainderUnsigned(-bound, bound)) < 0;
    }

    /** The upper half of the product of unsigned {@code bits} and a positive {@code bound}. */
    private static long upper(long bits, long bound) {
        return Math.multiplyHigh(bits, bound) + ((bits >> 63) & bound);
    }

    private static long[] columns(Selected[] members, long height) {
        int count = members.length;
        long[] columns = new long[count];
        long[] left = new long[count];
        int[] low = new int[count];
        int[] high = new int[count];
        int lows = 0;
        int highs = 0;
        for (int i = 0; i < count; i++) {
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
            columns[filled] = left[filled] << HALF | filler;
            left[filler] -= height - left[filled];
            if (left[filler] < height) {
                highs--;
                low[lows++] = filler;
            }
        }
        while (highs > 0) {
            columns[high[--highs]] = height << HALF;
        }
        return columns;
    }

    private static long[] sums(Selected[] members) {
        long[] sums = new long[members.length];
        long sum = 0;
        for (int i = 0; i < members.length; i++) {
            sum += members[i].channel().weight();
            sums[i] = sum;
        }
        return sums;
    }

    private static int firstOf(long[] sums, int found) {
        int first = found;
        while (first > 0 && sums[first - 1] == sums[found]) {
            first--;
        }
        return first;
    }
}
