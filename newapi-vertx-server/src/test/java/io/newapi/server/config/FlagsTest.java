package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagsTest {

    private static final Map<String, String> NOTHING_SET = Map.of();

    @ParameterizedTest
    @ValueSource(strings = {"--port 4000", "-port 4000", "--port=4000", "-port=4000", "--port=1 --port=4000"})
    void aValueStandsBehindABlankOrAnEqualsSign(String line) {
        assertThat(Loading.loaded(NOTHING_SET, line.split(" ")).config().http().port())
                .isEqualTo(4000);
    }

    @Test
    void theLogDirectoryIsRelativeToTheWorkingDirectory() {
        assertThat(Loading.loaded(NOTHING_SET, "-log-dir", "../elsewhere")
                        .config()
                        .log()
                        .dir())
                .isEqualTo(Path.of("/elsewhere"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --verbose | unknown argument: --verbose
                    -v | unknown argument: -v
                    serve | unknown argument: serve
                    -- | unknown argument: --
                    ---port=1 | unknown argument: ---port=1
                    --port | --port needs a value
                    --log-dir | --log-dir needs a value
                    --port=x | --port must be a whole number from 0 to 65535, but is 'x'
                    --version=7 | --version=7 is on or off: it takes no value but true or false
                    """)
    void aWrongFlagIsAnsweredWithTheUsage(String line, String message) {
        LoadResult.Invalid invalid = Loading.invalid(NOTHING_SET, line.split(" "));

        assertThat(invalid.exitCode()).isEqualTo(2);
        assertThat(invalid.problems()).containsExactly(message);
        assertThat(invalid.text()).startsWith("error: " + message + "\n\nUsage: newapi-server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-help", "-h", "--help=true", "--help --version"})
    void helpPrintsTheUsage(String line) {
        assertThat(Loading.printed(Loading.load(NOTHING_SET, line.split(" "))).text())
                .startsWith("Usage: newapi-server")
                .contains("--port", "--log-dir", "--check-config", "--help-env", "--version");
    }

    @Test
    void helpIsGivenEvenWhereTheConfigurationIsWrong() {
        assertThat(Loading.printed(Loading.load(Map.of("SESSION_SECRET", "random_string"), "--help"))
                        .text())
                .startsWith("Usage");
    }

    @Test
    void theVersionIsTheProductsUnlessOverridden(@TempDir Path dir) throws Exception {
        assertThat(Loading.printed(Loading.load(NOTHING_SET, "--version")).text())
                .isEqualTo(ProductVersion.current() + "\n");
        assertThat(Loading.printed(Loading.load(Map.of("VERSION", "v7"), "-version"))
                        .text())
                .isEqualTo("v7\n");

        Files.writeString(dir.resolve(".env"), "VERSION=v8\n");
        assertThat(Loading.printed(Loading.load(NOTHING_SET, dir, "--version")).text())
                .isEqualTo("v8\n");
    }

    @Test
    void aSwitchMayBeTurnedOff() {
        assertThat(Loading.loaded(NOTHING_SET, "--version=false")
                        .config()
                        .http()
                        .port())
                .isEqualTo(3000);
    }

    @Test
    void helpEnvListsEveryVariable() {
        String text = Loading.printed(Loading.load(NOTHING_SET, "--help-env")).text();

        assertThat(Catalog.all()).allSatisfy(variable -> assertThat(text).contains("  " + variable.name() + "  ("));
        assertThat(text).contains("""
                          STREAMING_TIMEOUT  (int s, 1 to 86400, default 300)
                              Longest silence in a stream; what came before it is charged.
                        """).contains("  SQL_MAX_OPEN_CONNS  (int, default 1000, no effect in this version)");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(140));
    }

    @Test
    void checkConfigPrintsWhatTookEffectAndWhereItCameFrom(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve(".env"), "SESSION_SECRET=hunter2hunter2hunter2\nSYNC_FREQUENCY=0\n");

        String text = Loading.printed(Loading.load(
                        Map.of("RELAY_TIMEOUT", "30", "NEWAPI_ON_CLIENT_GONE", "DRAIN"),
                        dir,
                        "--check-config",
                        "--port=4000"))
                .text();

        assertThat(text)
                .doesNotContain("hunter2")
                .contains(
                        "PORT=4000  # --port\n",
                        "NEWAPI_ON_CLIENT_GONE=drain  # environment\n",
                        "SESSION_SECRET=***  # .env\n",
                        "SYNC_FREQUENCY=1  # .env\n",
                        "RELAY_TIMEOUT=30  # environment\n",
                        "STREAMING_TIMEOUT=300  # default\n",
                        "MAX_REQUEST_BODY_MB=128  # default\n",
                        "SQL_DSN=  # default\n",
                        "# log directory: " + dir.resolve("logs") + "\n",
                        "# warning: SYNC_FREQUENCY is 0, which is taken as 1 second\n")
                .endsWith("# the configuration is valid\n");
    }

    @Test
    void whatCheckConfigPrintsIsAConfiguration() {
        String text = Loading.printed(Loading.load(Map.of("HOSTNAME", "c0ffee"), "--check-config"))
                .text();

        EnvFile file = EnvFileParser.parse(text, Map.of());

        assertThat(file.problems()).isEmpty();
        assertThat(file.values().keySet())
                .containsExactlyInAnyOrderElementsOf(Catalog.all()
                        .filter(variable -> variable.effect().acts())
                        .map(Variable::name)
                        .toList());
    }

    @Test
    void checkConfigFailsLikeAStartWould() {
        LoadResult.Invalid invalid = Loading.invalid(Map.of("PORT", "x"), "--check-config");

        assertThat(invalid.exitCode()).isEqualTo(1);
        assertThat(invalid.problems()).containsExactly("PORT must be a whole number from 0 to 65535, but is 'x'");
    }
}
