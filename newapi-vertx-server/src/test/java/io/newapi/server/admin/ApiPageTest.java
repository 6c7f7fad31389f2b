package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page {@code docs/api.md} names every endpoint, and no other. */
class ApiPageTest {

    private static final Pattern ENDPOINT = Pattern.compile("`((?:GET|POST|PUT|DELETE) /[^`?]*)`");

    @Test
    void thePageNamesExactlyTheEndpointsThatThereAre(@TempDir Path directory) throws IOException {
        Set<String> served;
        try (AdminServer server = AdminServer.start(directory)) {
            served = server.router.getRoutes().stream()
                    .filter(route -> route.methods() != null)
                    .flatMap(ApiPageTest::names)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        String page = Files.readString(Path.of("..", "docs", "api.md"));
        String endpoints = page.substring(page.indexOf("## Endpoints"), page.indexOf("## Differences"));
        Set<String> named = ENDPOINT.matcher(endpoints)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).isEqualTo(served);
    }

    private static Stream<String> names(Route route) {
        String path = route.getPath();
        return path == null || path.endsWith("/") || path.startsWith("/v1/")
                ? Stream.empty()
                : route.methods().stream().map(HttpMethod::name).map(method -> method + " " + path);
    }
}
