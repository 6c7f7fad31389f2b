package io.newapi.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EmbedPlainTest {

    private static final Path SOURCE = Path.of("src/main/java/io/newapi/examples/EmbedPlain.java");

    @Test
    void printsWhatTheCallCostAndWhatIsLeft() {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            EmbedPlain.main(new String[0]);
        } finally {
            System.setOut(before);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "channel 1, held 2125",
                        "gpt-4o",
                        "  prompt tokens: 180 x 1.25 (model ratio) x 1 (group ratio) = 225",
                        "  cached tokens: 1000 x 0.5 (cache ratio) x 1.25 (model ratio) x 1 (group ratio) = 625",
                        "  completion tokens: 240 x 4 (completion ratio) x 1.25 (model ratio) x 1 (group ratio) = 1200",
                        "  sum 2050: charged 2050",
                        "left: 7950");
    }

    @Test
    void isShort() throws IOException {
        assertThat(Files.readAllLines(SOURCE)).hasSizeLessThan(40);
    }

    @Test
    void isWhatTheReadmeShows() throws IOException {
        assertThat(Files.readString(Path.of("../../README.md"))).contains(Files.readString(SOURCE));
    }
}
