package io.newapi.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code in docs/embedding.md is this example's. */
class EmbeddingGuideTest {

    private static final Path GUIDE = Path.of("../../docs/embedding.md");
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyPieceOfCodeIsOneThatWasCompiled() throws IOException {
        List<String> sources;
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            sources = files.filter(Files::isRegularFile)
                    .map(EmbeddingGuideTest::read)
                    .map(EmbeddingGuideTest::withoutLayout)
                    .toList();
        }

        assertThat(CODE.matcher(read(GUIDE)).results().map(EmbeddingGuideTest::code))
                .hasSizeGreaterThan(4)
                .allSatisfy(code -> assertThat(sources).anyMatch(source -> source.contains(code)));
    }

    private static String code(MatchResult block) {
        return withoutLayout(block.group(1));
    }

    private static String withoutLayout(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError("cannot read " + file, e);
        }
    }
}
