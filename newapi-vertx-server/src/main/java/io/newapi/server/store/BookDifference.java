package io.newapi.server.store;

/**
 * Something in the books that does not add up.
 *
 * @param kind whose
 * @param accountId the user's, token's or channel's id
 * @param what which figures disagree
 * @param expectedUnits what they should be together, in quota units
 * @param foundUnits what they are
 * @param cleanAt when they last agreed, in Unix seconds; 0 if never
 */
public record BookDifference(
        BookKind kind, long accountId, Figure what, long expectedUnits, long foundUnits, long cleanAt) {

    /** Which figures are compared. */
    public enum Figure {
        /** Balance, leases and charges against what was opened and credited. A foreign program that credits shows here. */
        BALANCE,
        /** Charges against the rows in logs. */
        LOGS,
        /** Charges against the hourly figures. */
        HOURLY
    }

    /** What must have happened. The gateway itself does none of it. */
    public enum Cause {
        /** Another program, or hand, changed a balance or what was charged, and left no credit. */
        FOREIGN_CHANGE,
        /** Units were charged of which no row tells. */
        CHARGE_WITHOUT_ROW,
        /** A row tells of units that were not charged. */
        ROW_WITHOUT_CHARGE
    }

    /** How much too much was found; negative when something is missing. */
    public long units() {
        return Math.subtractExact(foundUnits, expectedUnits);
    }

    /** What must have happened. */
    public Cause cause() {
        return switch (what) {
            case BALANCE -> Cause.FOREIGN_CHANGE;
            case LOGS, HOURLY -> units() < 0 ? Cause.CHARGE_WITHOUT_ROW : Cause.ROW_WITHOUT_CHARGE;
        };
    }
}
