package io.newapi.server.store;

/**
 * A balance as the database has it.
 *
 * @param column what is in the column
 * @param leased what nodes hold of it
 */
public record Balance(long column, long leased) {

    /** What is to be shown and compared. */
    public long total() {
        return column + leased;
    }
}
