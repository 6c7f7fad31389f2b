package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceDocumentsTest {

    /** {@code -Dnewapi.documents=write} writes the documents instead of comparing them. */
    private static final boolean WRITE = "write".equals(System.getProperty("newapi.documents"));

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void theConfigurationPageIsWhatTheDeclarationsSay() throws Exception {
        compare(ROOT.resolve("docs/configuration.md"), ReferenceDocuments.configuration());
    }

    @Test
    void theExampleFileIsWhatTheDeclarationsSay() throws Exception {
        compare(ROOT.resolve(".env.example"), ReferenceDocuments.example());
    }

    @Test
    void theExampleFileCanBeCopiedAsItIs() {
        EnvFile file = EnvFileParser.parse(ReferenceDocuments.example(), Map.of());

        assertThat(file.problems()).isEmpty();
        assertThat(file.values()).isEmpty();
    }

    @Test
    void theExampleFileHoldsTheDefaults() {
        String uncommented = ReferenceDocuments.example().replaceAll("(?m)^#(?=\\w+=)", "");
        EnvFile file = EnvFileParser.parse(uncommented, Map.of());

        assertThat(file.values()).hasSizeGreaterThan(30);
        assertThat(Loading.loaded(file.values()).config().relay())
                .isEqualTo(Loading.loaded(Map.of()).config().relay());
    }

    private static void compare(Path file, String expected) throws Exception {
        if (WRITE) {
            Files.writeString(file, expected);
        }
        assertThat(Files.readString(file))
                .as("%s; write it anew with -Dnewapi.documents=write -Dtest=ReferenceDocumentsTest", file)
                .isEqualTo(expected);
    }
}
