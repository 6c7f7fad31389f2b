package io.newapi.server.relay.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.relay.wire.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The manual says which provider has which endpoint. */
class ProvidersDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "providers.md");

    private final ProviderCatalog catalog = new ProviderCatalog();

    @ParameterizedTest
    @EnumSource(
            value = WireFormat.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CHAT", "RESPONSES", "MESSAGES", "GEMINI"})
    void namesTheTypesThatServeAnEndpoint(WireFormat format) throws IOException {
        String types = catalog.types().stream()
                .filter(type -> catalog.ofType(type).orElseThrow().serves(format))
                .map(String::valueOf)
                .collect(Collectors.joining(", "));

        List<String> rows = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `") && line.split("\\|", -1)[1].contains(endpoint(format)))
                .map(line -> line.split("\\|", -1)[2].strip())
                .toList();

        assertThat(rows).containsExactly(types);
    }

    private static String endpoint(WireFormat format) {
        return switch (format) {
            case EMBED_CONTENT -> "`:embedContent`";
            case BATCH_EMBED_CONTENTS -> "`:batchEmbedContents`";
            default -> "`/v1" + OpenAiPaths.of(format) + "`";
        };
    }
}
