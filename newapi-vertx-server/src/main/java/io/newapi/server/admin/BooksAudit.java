package io.newapi.server.admin;

import io.newapi.server.store.BookReport;

/**
 * Looks in the background whether the books add up; not to be confused with {@link Audit}, which writes down what
 * administrators do. Thread-safe; no method waits for a run.
 */
public interface BooksAudit {

    /** Begins a run, unless one is under way; the report of the one that is then. */
    BookReport begin();

    /** How far the run under way has come, or what the last one has found. */
    BookReport report();

    /** Ends the run under way, if there is one; the report of the last one. */
    BookReport cancel();
}
