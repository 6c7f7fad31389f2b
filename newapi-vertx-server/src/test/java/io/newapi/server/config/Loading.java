package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.config.LoadResult.Invalid;
import io.newapi.server.config.LoadResult.Loaded;
import io.newapi.server.config.LoadResult.Printed;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Loads a configuration for a test, in a directory without {@code .env} unless it names one. */
final class Loading {

    private static final Path NOWHERE = Path.of("/nowhere");

    private Loading() {}

    static LoadResult load(Map<String, String> environment, String... args) {
        return load(environment, NOWHERE, args);
    }

    static LoadResult load(Map<String, String> environment, Path directory, String... args) {
        return ServerConfig.load(environment, directory, List.of(args), new Random(7));
    }

    static Loaded loaded(Map<String, String> environment, String... args) {
        return loaded(load(environment, args));
    }

    static Loaded loaded(LoadResult result) {
        return expect(Loaded.class, result);
    }

    static Invalid invalid(Map<String, String> environment, String... args) {
        return invalid(load(environment, args));
    }

    static Invalid invalid(LoadResult result) {
        return expect(Invalid.class, result);
    }

    static Printed printed(LoadResult result) {
        return expect(Printed.class, result);
    }

    private static <T extends LoadResult> T expect(Class<T> kind, LoadResult result) {
        assertThat(result).isInstanceOf(kind);
        return kind.cast(result);
    }
}
