package io.newapi.server.home;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The paths that programs ask for, not people: what is unknown below them is an error, and no page. */
final class ProgramPaths {

    private static final List<String> FIRST_SEGMENTS = List.of(
            "api", "v1", "v1beta", "pg", "mj", "suno", "dashboard/billing", "assets", "livez", "readyz", "metrics");

    private ProgramPaths() {}

    static boolean include(@Nullable String path) {
        return path != null
                && FIRST_SEGMENTS.stream()
                        .anyMatch(segment -> path.equals("/" + segment) || path.startsWith("/" + segment + "/"));
    }
}
