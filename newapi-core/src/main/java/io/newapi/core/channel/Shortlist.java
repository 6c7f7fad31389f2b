package io.newapi.core.channel;

import io.newapi.core.channel.Selection.Selected;
import org.jspecify.annotations.Nullable;

/**
 * The best of the candidates that were looked at, in one pass and without remembering the others. Not thread-safe.
 *
 * <p>First come those that the call has tried least, of those the ones that stand best, of those the ones of the first tier,
 * of those the ones with a weight. Among the rest each draws a lot, and the smallest wins: a lot is exponentially
 * distributed with the weight as its rate, which makes the probability to be the smallest the weight over the sum of weights.
 */
final class Shortlist {

    private static final double UNIT = 0x1.0p-53;

    private int rank;
    private int standing;
    private int tier;
    private boolean weightless;
    private double cost;
    private @Nullable Selected first;
    private double firstLot;
    private @Nullable Selected second;
    private double secondLot;

    /** Whether such a candidate is no worse than those of before; if it is better, they are forgotten. */
    boolean admits(int itsRank, int itsStanding, int itsTier, boolean itsWeightless) {
        int order = first == null ? -1 : compare(itsRank, itsStanding, itsTier, itsWeightless);
        if (order < 0) {
            rank = itsRank;
            standing = itsStanding;
            tier = itsTier;
            weightless = itsWeightless;
            cost = Double.MAX_VALUE;
            first = null;
            firstLot = Double.MAX_VALUE;
            second = null;
            secondLot = Double.MAX_VALUE;
        }
        return order <= 0;
    }

    /**
     * Adds a candidate that was just {@linkplain #admits admitted}.
     *
     * @param itsCost the lower the better; lots decide between equal costs only
     * @param bits 64 random bits for its lot
     */
    void add(Selected candidate, double itsCost, long bits) {
        if (itsCost > cost) {
            return;
        }
        if (itsCost < cost) {
            cost = itsCost;
            firstLot = Double.MAX_VALUE;
            secondLot = Double.MAX_VALUE;
        }
        double weight = Math.max(1, candidate.channel().weight());
        double uniform = ((bits >>> 11) + 1) * UNIT;
        // a lot is never below this, so that few candidates need a logarithm
        if ((1 - uniform) / weight > secondLot) {
            return;
        }
        // every node must get the same number
        double lot = -StrictMath.log(uniform) / weight;
        if (lot < firstLot || first == null) {
            second = first;
            secondLot = firstLot;
            first = candidate;
            firstLot = lot;
        } else if (lot < secondLot) {
            second = candidate;
            secondLot = lot;
        }
    }

    /** Whether no candidate of a later tier can be better. */
    boolean complete() {
        return first != null && rank == 0 && standing == 0;
    }

    /** The best candidate; null if there was none. */
    @Nullable
    Selected first() {
        return first;
    }

    /** The next best one of the same kind; null if there is none. */
    @Nullable
    Selected second() {
        return secondLot == Double.MAX_VALUE ? null : second;
    }

    private int compare(int itsRank, int itsStanding, int itsTier, boolean itsWeightless) {
        int order = Integer.compare(itsRank, rank);
        order = order != 0 ? order : Integer.compare(itsStanding, standing);
        order = order != 0 ? order : Integer.compare(itsTier, tier);
        return order != 0 ? order : Boolean.compare(itsWeightless, weightless);
    }
}
