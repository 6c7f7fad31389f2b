package io.newapi.server.config;

import io.newapi.core.quota.FsyncMode;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The quota ledger of this node.
 *
 * @param batchUpdateEnabled whether settlements may wait to be booked together
 * @param batchInterval how long they may wait, at least one second
 * @param dataDir the absolute directory of the node's journals; one process at a time owns it
 * @param fsync when what is journalled is forced to the disk
 * @param journalBytes how much the journals may take on it
 * @param reclaimAfter after how long without a sign of life a node counts as gone; zero for never
 */
public record LedgerConfig(
        boolean batchUpdateEnabled,
        Duration batchInterval,
        Path dataDir,
        FsyncMode fsync,
        long journalBytes,
        Duration reclaimAfter) {

    static final Variable<Boolean> BATCH_UPDATE_ENABLED = Variable.of(
            "BATCH_UPDATE_ENABLED",
            Kind.exactlyTrue(),
            "false",
            "Let charges wait in the node's journal and book them together. Nothing is lost either way.");

    static final Variable<Duration> BATCH_UPDATE_INTERVAL = Variable.of(
            "BATCH_UPDATE_INTERVAL",
            Kind.secondsAtLeastOne(3600),
            "5",
            "With BATCH_UPDATE_ENABLED: how long charges may wait to be booked.");

    static final Variable<String> DATA_DIR = Variable.of(
            "NEWAPI_DATA_DIR",
            Kind.text(),
            ".",
            "Directory of the node's journal (in newapi-journal), relative to the working directory. Keep it on a disk"
                    + " that outlives the process; two nodes must not share it.");

    static final Variable<FsyncMode> FSYNC = Variable.of(
            "NEWAPI_LEDGER_FSYNC",
            Kind.oneOf(FsyncMode.class),
            "interval",
            "When charges in the journal reach the disk. The end of the process loses none; a loss of power may lose the"
                    + " last 200 ms with interval, none with always (every call waits for the disk), more with off.");

    static final Variable<Long> JOURNAL_MB = Variable.of(
            "NEWAPI_LEDGER_JOURNAL_MB",
            Kind.megabytes(256, 1_048_576),
            "8192",
            "Most that the journal takes on the disk. When it is full, or the disk is, new calls are refused with 503;"
                    + " those under way are still charged.");

    static final Variable<Duration> RECLAIM_SECONDS = Variable.of(
            "NEWAPI_LEDGER_RECLAIM_SECONDS",
            Kind.secondsOrNever(20, 86_400),
            "120",
            "After so long without a sign of life a node's part of the balances goes back; without the database it spends"
                    + " for 3/4 of it. 0 = never: only its return or newapi ledger write-off gives it back. The same on all"
                    + " nodes.");

    static final Section SECTION = Section.of(
            "Quota ledger", BATCH_UPDATE_ENABLED, BATCH_UPDATE_INTERVAL, DATA_DIR, FSYNC, JOURNAL_MB, RECLAIM_SECONDS);

    static LedgerConfig read(Settings settings, Directories directories) {
        return new LedgerConfig(
                settings.get(BATCH_UPDATE_ENABLED),
                settings.get(BATCH_UPDATE_INTERVAL),
                directories.resolve(settings, DATA_DIR, settings.get(DATA_DIR)),
                settings.get(FSYNC),
                settings.get(JOURNAL_MB),
                settings.get(RECLAIM_SECONDS));
    }
}
