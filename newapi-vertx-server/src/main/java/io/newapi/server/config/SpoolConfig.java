package io.newapi.server.config;

import java.nio.file.Path;

/**
 * Where large bodies of requests lie while their calls last.
 *
 * @param directory the absolute directory; several nodes may share it
 * @param thresholdBytes bodies that have more do not stay in memory; at least 1 MiB
 * @param maxBytes how much all of them together may take on the disk; 0 if all stay in memory
 */
public record SpoolConfig(Path directory, long thresholdBytes, long maxBytes) {

    private static final String IN_DATA_DIR = "newapi-spool";

    static final Variable<Long> THRESHOLD = Variable.of(
            "NEWAPI_SPOOL_THRESHOLD_MB",
            Kind.megabytes(1, 1024),
            "10",
            "Bodies of requests that are longer lie in files while their calls last, and not in memory.");

    static final Variable<Long> MAX = Variable.of(
            "NEWAPI_SPOOL_MAX_MB",
            Kind.megabytes(0, 1_048_576),
            "4096",
            "Most that these files take on the disk; a request for which there is no room is answered with 503, one that is"
                    + " longer than all of it with 413. 0 = all bodies stay in memory.");

    static final Variable<String> DIR = Variable.of(
            "NEWAPI_SPOOL_DIR",
            Kind.text(),
            "",
            "Directory of these files; without one, newapi-spool in NEWAPI_DATA_DIR. A local disk; nothing in it"
                    + " outlives the process.");

    static final Section SECTION = Section.of("Large requests", THRESHOLD, MAX, DIR);

    /** @param dataDir the node's own directory */
    static SpoolConfig read(Settings settings, Directories directories, Path dataDir) {
        String directory = settings.get(DIR);
        return new SpoolConfig(
                directory.isEmpty() ? dataDir.resolve(IN_DATA_DIR) : directories.resolve(settings, DIR, directory),
                settings.get(THRESHOLD),
                settings.get(MAX));
    }
}
