package io.newapi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When scripts/newapi takes the profile that scripts/run --demo made. */
@Timeout(60)
class ProfileScriptTest {

    private static final Path SCRIPT = Path.of("..", "scripts", "lib", "profile.sh");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    @Test
    void theDemosProfileIsTakenWhenNothingElseSaysWhichGatewayIsMeant() throws Exception {
        Path demo = Files.createFile(home.resolve("demo.json"));

        assertThat(isTaken(demo, Map.of())).isTrue();
        assertThat(isTaken(demo, Map.of("XDG_CONFIG_HOME", "relative", "NEWAPI_URL", "")))
                .isTrue();
    }

    @Test
    void withoutADemoNothingIsTaken() throws Exception {
        assertThat(isTaken(home.resolve("demo.json"), Map.of())).isFalse();
    }

    @Test
    void anyOfTheVariablesThatChooseAGatewayKeepsItFromBeingTaken() throws Exception {
        Path demo = Files.createFile(home.resolve("demo.json"));

        for (String variable : new String[] {"NEWAPI_CONFIG", "NEWAPI_URL", "NEWAPI_TOKEN", "NEWAPI_PROFILE"}) {
            assertThat(isTaken(demo, Map.of(variable, "x"))).as(variable).isFalse();
        }
    }

    @Test
    void aProfileFileOfTheUsersOwnKeepsItFromBeingTaken() throws Exception {
        Path demo = Files.createFile(home.resolve("demo.json"));
        Path own = home.resolve(".config/newapi/config.json");
        Files.createDirectories(own.getParent());
        Files.createFile(own);

        assertThat(isTaken(demo, Map.of())).isFalse();
        assertThat(isTaken(
                        demo,
                        Map.of("XDG_CONFIG_HOME", home.resolve("elsewhere").toString())))
                .isTrue();
        assertThat(isTaken(
                        demo, Map.of("XDG_CONFIG_HOME", home.resolve(".config").toString())))
                .isFalse();
    }

    private boolean isTaken(Path demo, Map<String, String> variables) throws Exception {
        ProcessBuilder shell = new ProcessBuilder(
                "sh", "-euc", ". \"$0\"; takes_demo_profile \"$1\"", SCRIPT.toString(), demo.toString());
        shell.environment().keySet().removeIf(name -> name.startsWith("NEWAPI_") || name.startsWith("XDG_"));
        shell.environment().put("HOME", home.toString());
        shell.environment().putAll(variables);
        Process process = shell.inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() == 0;
    }
}
