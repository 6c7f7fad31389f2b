package io.newapi.server.admin;

import io.newapi.core.quota.JournalStatus;
import io.newapi.core.quota.WriterId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A ledger of which a test says how it stands. */
final class FakeLedger implements LedgerControl {

    final List<JournalStatus> journals = new ArrayList<>();
    final Map<WriterId, Duration> silences = new HashMap<>();
    final List<String> writtenOff = new ArrayList<>();
    WriteOff outcome = WriteOff.DONE;

    @Override
    public List<JournalStatus> journals() {
        return journals;
    }

    @Override
    public long maxJournalBytes() {
        return 8_000;
    }

    @Override
    public Duration reclaimAfter() {
        return Duration.ofMinutes(2);
    }

    @Override
    public Optional<Duration> observation() {
        return Optional.of(Duration.ofSeconds(99));
    }

    @Override
    public Optional<Duration> silenceOf(WriterId writer) {
        return Optional.ofNullable(silences.get(writer));
    }

    @Override
    public WriteOff writeOff(WriterId writer, boolean force) {
        writtenOff.add(writer.hex() + (force ? " forced" : ""));
        return outcome;
    }
}
