package io.newapi.server.store;

/**
 * What the rows of one account say. Its books are known if they were opened and the remainder was added.
 *
 * @param total balance and leases
 * @param used what was charged
 * @param credits all credits since the books were opened
 * @param logs what its log rows have charged, those that were removed since included
 * @param logsKnown whether {@code logs} is of the same moment as the rest
 * @param hourly what its hourly figures have charged
 * @param opened what it had when its books were opened, beside what was charged
 * @param unlogged what was charged without a log row
 * @param uncounted what was charged without an hourly figure
 * @param cleanAt when it was last found in order, in Unix seconds; 0 if its books are not known
 */
record BookFigures(
        long id,
        long total,
        long used,
        long credits,
        long logs,
        boolean logsKnown,
        long hourly,
        long opened,
        long unlogged,
        long uncounted,
        long cleanAt) {

    boolean known() {
        return cleanAt > 0;
    }

    long expected() {
        return Math.addExact(opened, credits);
    }

    long found() {
        return Math.addExact(total, used);
    }

    long told() {
        return Math.addExact(logs, unlogged);
    }

    long counted() {
        return Math.addExact(hourly, uncounted);
    }

    BookFigures withLogs(long units, boolean sameMoment) {
        return new BookFigures(
                id, total, used, credits, units, sameMoment, hourly, opened, unlogged, uncounted, cleanAt);
    }
}
