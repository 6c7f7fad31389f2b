package io.newapi.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfileFileTest {

    private static final Path HOME = Path.of("/home/someone");

    @Test
    void theNamedFileWinsOverTheDirectoryAndThatOverTheHome() {
        assertThat(path(Map.of("NEWAPI_CONFIG", "/x/y.json", "XDG_CONFIG_HOME", "/xdg")))
                .isEqualTo(Path.of("/x/y.json"));
        assertThat(path(Map.of("XDG_CONFIG_HOME", "/xdg"))).isEqualTo(Path.of("/xdg/newapi/config.json"));
        assertThat(path(Map.of("XDG_CONFIG_HOME", "relative")))
                .isEqualTo(Path.of("/home/someone/.config/newapi/config.json"));
        assertThat(path(Map.of("HOME", "/another"))).isEqualTo(Path.of("/another/.config/newapi/config.json"));
        assertThat(path(Map.of())).isEqualTo(Path.of("/home/someone/.config/newapi/config.json"));
    }

    @Test
    void secretsAreInNoText() {
        assertThat(new Profile("http://x", 1, "secret-token", 5).toString()).doesNotContain("secret-token");
        assertThat(new Credential.AccessToken(1, "secret-token").toString()).doesNotContain("secret-token");
    }

    private static Path path(Map<String, String> variables) {
        return ProfileFile.find(variables, HOME).path();
    }
}
