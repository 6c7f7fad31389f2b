package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.store.BookDifference;
import io.newapi.server.store.BookKind;
import io.newapi.server.store.BookReport;
import io.newapi.server.store.SuspenseRow;
import java.util.Locale;

/** {@code /api/audit}: whether the books add up, for root. */
final class BooksResource {

    private final BooksAudit books;
    private final Audit audit;

    BooksResource(BooksAudit books, Audit audit) {
        this.books = books;
        this.audit = audit;
    }

    void mount(AdminRoutes routes) {
        routes.postHere("/api/audit", Access.ROOT, this::begin)
                .get("/api/audit", Access.ROOT, call -> Answer.ok(view(books.report())))
                .deleteHere("/api/audit", Access.ROOT, this::cancel);
    }

    private Answer begin(AdminCall call) {
        audit.done(call, "books");
        return Answer.ok(view(books.begin()));
    }

    private Answer cancel(AdminCall call) {
        audit.done(call, "books");
        return Answer.ok(view(books.cancel()));
    }

    private static ObjectNode view(BookReport report) {
        ObjectNode view = Json.object()
                .put("state", word(report.state()))
                .put("run", report.run())
                .put("started_at", report.startedAt())
                .put("finished_at", report.finishedAt())
                .put("clean", report.isClean());
        ObjectNode checked = view.putObject("checked");
        for (BookKind kind : BookKind.values()) {
            checked.put(word(kind) + "s", report.checked(kind));
        }
        view.put("opened", report.opened()).put("undecided", report.undecided());
        ArrayNode differences = list(view, "differences", report.differing());
        report.differences().forEach(difference -> differences.add(view(difference)));
        ArrayNode suspense = list(view, "suspense", report.suspended());
        report.suspense().forEach(row -> suspense.add(view(row)));
        return view.put("failure", report.failure());
    }

    /** The first of a list that may be longer. */
    private static ArrayNode list(ObjectNode view, String name, long total) {
        return view.putObject(name).put("total", total).putArray("items");
    }

    private static ObjectNode view(BookDifference difference) {
        return Json.object()
                .put("kind", word(difference.kind()))
                .put("id", difference.accountId())
                .put("figure", word(difference.what()))
                .put("cause", word(difference.cause()))
                .put("expected", difference.expectedUnits())
                .put("found", difference.foundUnits())
                .put("difference", difference.units())
                .put("clean_at", difference.cleanAt());
    }

    private static ObjectNode view(SuspenseRow row) {
        return Json.object()
                .put("kind", word(row.kind()))
                .put("id", row.accountId())
                .put("quota", row.units())
                .put("reason", row.reason())
                .put("writer", row.writer())
                .put("created_at", row.createdAt());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
