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
}
