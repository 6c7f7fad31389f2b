package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.core.quota.JournalStatus;
import io.newapi.core.quota.WriterId;
import io.newapi.server.admin.LedgerControl.WriteOff;
import io.newapi.server.store.LedgerStore;
import io.newapi.server.store.LedgerStore.WriterRow;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/** {@code /api/ledger}: which nodes hold which part of the balances, and what to do about one that is gone. */
final class LedgerResource {

    private static final int MAX_ID_BYTES = 64;

    private final LedgerStore store;
    private final LedgerControl control;
    private final Audit audit;
    private final InstantSource clock;

    LedgerResource(LedgerStore store, LedgerControl control, Audit audit, InstantSource clock) {
        this.store = store;
        this.control = control;
        this.audit = audit;
        this.clock = clock;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/ledger", Access.ROOT, this::status)
                .postHere("/api/ledger/write_off", Access.ROOT, this::writeOff);
    }

    private Answer status(AdminCall call) {
        List<JournalStatus> journals = control.journals();
        ObjectNode data = Json.object()
                .put("reclaim_seconds", control.reclaimAfter().toSeconds())
                .put("max_journal_bytes", control.maxJournalBytes())
                .put("suspended", store.suspended());
        ArrayNode own = data.putArray("journals");
        for (JournalStatus journal : journals) {
            own.addObject()
                    .put("writer_id", journal.writer().hex())
                    .put("segments", journal.segments())
                    .put("bytes", journal.bytes())
                    .put("booked_bytes", journal.bookedBytes())
                    .put("lag_bytes", journal.lagBytes())
                    .put("room", journal.room())
                    .put("fsync", journal.fsync().name().toLowerCase(Locale.ROOT));
        }
        ArrayNode writers = data.putArray("writers");
        for (WriterRow row : store.writers(clock.instant())) {
            writers.add(writer(
                    row, journals.stream().anyMatch(journal -> journal.writer().equals(row.writer()))));
        }
        return Answer.ok(data);
    }

    private ObjectNode writer(WriterRow row, boolean own) {
        ObjectNode writer = Json.object()
                .put("writer_id", row.writer().hex())
                .put("node_name", row.nodeName())
                .put("place", row.place())
                .put("own", own)
                .put("state", row.state().name().toLowerCase(Locale.ROOT))
                .put("exchange_no", row.exchangeNo())
                .put("applied_pos", row.appliedPosition())
                .put("held_user_quota", row.heldByUsers())
                .put("held_token_quota", row.heldByTokens())
                .put("leases", row.leases())
                .put("started_at", row.startedAt().getEpochSecond())
                .put("closed_at", row.closedAt() == null ? 0 : row.closedAt().getEpochSecond());
        control.silenceOf(row.writer())
                .ifPresentOrElse(
                        silence -> writer.put("silent_seconds", silence.toSeconds()),
                        () -> writer.putNull("silent_seconds"));
        return writer;
    }

    private Answer writeOff(AdminCall call) {
        Fields body = call.body();
        WriterId writer = writer(body.text("writer_id", MAX_ID_BYTES));
        WriteOff outcome = control.writeOff(writer, body.flag("force"));
        switch (outcome) {
            case DONE -> audit.done(call, "ledger/" + writer.hex());
            case ENDED_BEFORE -> throw Refused.because(Message.WRITER_ENDED);
            case OWN -> throw Refused.because(Message.WRITER_OWN);
            case MAY_LIVE ->
                throw control.observation()
                        .map(needed -> Refused.because(Message.WRITER_MAY_LIVE, needed.toSeconds()))
                        .orElseGet(() -> Refused.because(Message.WRITER_NEEDS_FORCE));
            case UNKNOWN -> throw Refused.because(Message.WRITER_UNKNOWN);
        }
        return Answer.ok();
    }

    private static WriterId writer(String hex) {
        try {
            return new WriterId(hex);
        } catch (IllegalArgumentException noId) {
            throw Refused.because(Message.WRITER_UNKNOWN);
        }
    }
}
