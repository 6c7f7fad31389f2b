package io.newapi.server;

import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalStatus;
import io.newapi.core.quota.WriterId;
import io.newapi.server.admin.LedgerControl;
import io.newapi.server.config.LedgerConfig;
import io.newapi.server.jobs.WriterReclaim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** This node's ledger for its administrators. */
final class LedgerOffice implements LedgerControl {

    private final JournalDirectory journals;
    private final WriterReclaim writers;
    private final LedgerConfig config;

    LedgerOffice(JournalDirectory journals, WriterReclaim writers, LedgerConfig config) {
        this.journals = journals;
        this.writers = writers;
        this.config = config;
    }

    @Override
    public List<JournalStatus> journals() {
        return journals.status();
    }

    @Override
    public long maxJournalBytes() {
        return config.journalBytes();
    }

    @Override
    public Duration reclaimAfter() {
        return config.reclaimAfter();
    }

    @Override
    public Optional<Duration> observation() {
        return writers.observation();
    }

    @Override
    public Optional<Duration> silenceOf(WriterId writer) {
        return writers.silenceOf(writer);
    }

    @Override
    public WriteOff writeOff(WriterId writer, boolean force) {
        if (journals.status().stream().anyMatch(own -> own.writer().equals(writer))) {
            return WriteOff.OWN;
        }
        return switch (writers.writeOff(writer, force)) {
            case DONE -> WriteOff.DONE;
            case ENDED_BEFORE -> WriteOff.ENDED_BEFORE;
            case MAY_LIVE -> WriteOff.MAY_LIVE;
            case UNKNOWN -> WriteOff.UNKNOWN;
        };
    }
}
