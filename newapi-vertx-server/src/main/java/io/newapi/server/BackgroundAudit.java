package io.newapi.server;

import io.newapi.server.admin.BooksAudit;
import io.newapi.server.jobs.Auditor;
import io.newapi.server.store.BookReport;

/** Lets the administration ask for audits of the node's auditor. */
final class BackgroundAudit implements BooksAudit {

    private final Auditor auditor;

    BackgroundAudit(Auditor auditor) {
        this.auditor = auditor;
    }

    @Override
    public BookReport begin() {
        return auditor.begin();
    }

    @Override
    public BookReport report() {
        return auditor.report();
    }

    @Override
    public BookReport cancel() {
        return auditor.cancel();
    }
}
