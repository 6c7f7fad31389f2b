package io.newapi.server.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The quota ledger of this node.
 *
 * @param batchUpdateEnabled whether settlements may wait to be booked together
 * @param batchInterval how long they may wait, at least one second
 * @param dataDir the absolute directory of the node's journals; one process at a time owns it
 */
public record LedgerConfig(boolean batchUpdateEnabled, Duration batchInterval, Path dataDir) {

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

    static final Section SECTION = Section.of("Quota ledger", BATCH_UPDATE_ENABLED, BATCH_UPDATE_INTERVAL, DATA_DIR);

    static LedgerConfig read(Settings settings, Directories directories) {
        return new LedgerConfig(
                settings.get(BATCH_UPDATE_ENABLED),
                settings.get(BATCH_UPDATE_INTERVAL),
                directories.resolve(settings, DATA_DIR, settings.get(DATA_DIR)));
    }
}
