package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.config.LoadResult;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.testing.InstalledProgram;
import io.newapi.server.testing.InstalledProgram.Ended;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in {@code examples/cluster}, each before the program that it is for. */
class DeploymentFilesTest {

    private static final Pattern SECONDS = Pattern.compile("(?:(\\d+)m)?(?:(\\d+)s)?");

    @TempDir
    Path folder;

    static List<List<String>> stacks() {
        return Compose.STACKS;
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void composeFilesAreRight(List<String> files) {
        Compose compose = Compose.orLeaveOut("the compose files");

        accepts(compose.check(files, Compose.SECRETS));
        compose.services(files, Compose.SECRETS).forEach(DeploymentFilesTest::isFitToRunUnattended);
    }

    private static void isFitToRunUnattended(String name, JsonObject service) {
        String image = service.getString("image");
        assertThat(image).as(name).contains(":").doesNotEndWith(":latest");
        if (service.getString("restart").equals("on-failure")) {
            // it ends when its work is done
            return;
        }
        assertThat(service.getString("restart")).as(name).isEqualTo("always");
        assertThat(service.getJsonObject("healthcheck").getJsonArray("test"))
                .as(name)
                .isNotEmpty();
        if (image.startsWith("newapi:")) {
            JsonObject environment = service.getJsonObject("environment");
            assertThat(seconds(service.getString("stop_grace_period")))
                    .as(name)
                    .isGreaterThan(seconds(environment.getString("SHUTDOWN_TIMEOUT_SECONDS") + "s") + 30);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SESSION_SECRET", "CRYPTO_SECRET", "MYSQL_PASSWORD", "MYSQL_ROOT_PASSWORD", "REDIS_PASSWORD"})
    void nothingStartsWithoutASecret(String name) {
        Map<String, String> environment = new HashMap<>(Compose.SECRETS);
        environment.put(name, "");

        Ended ended = Compose.orLeaveOut("the refusal of missing secrets").check(List.of("compose.yml"), environment);

        assertThat(ended.exit()).isNotZero();
        assertThat(ended.output()).contains(name);
    }

    @Test
    void theExampleOfEnvNamesAllThatTheComposeFilesAskFor() {
        String example = Shipped.text(".env.example");

        assertThat(Compose.SECRETS.keySet())
                .allSatisfy(name -> assertThat(example).containsPattern("(?m)^#?" + name + "="));
    }

    @Test
    void nginxTakesItsFile() throws Exception {
        InstalledProgram nginx = InstalledProgram.orLeaveOut("nginx", "nginx", "nginx.conf");
        Path file = Files.writeString(
                folder.resolve("nginx.conf"),
                Nginx.configuration(folder, List.of(Nginx.NOBODY, Nginx.NOBODY, Nginx.NOBODY))
                        .replace("listen 80;", "listen 127.0.0.1:65000;"));

        accepts(nginx.run(
                folder,
                Map.of(),
                "-t",
                "-e",
                "stderr",
                "-p",
                folder.toString(),
                "-c",
                file.toString(),
                "-g",
                "pid " + folder.resolve("pid") + ";"));
    }

    @Test
    void haproxyTakesItsFile() throws Exception {
        InstalledProgram haproxy = InstalledProgram.orLeaveOut("haproxy", "haproxy", "haproxy.cfg");
        Path file = Files.writeString(
                folder.resolve("haproxy.cfg"),
                Shipped.text("haproxy.cfg").replaceAll("new-api-[a-z0-9-]+:3000", Nginx.NOBODY));

        accepts(haproxy.run(folder, Map.of(), "-c", "-f", file.toString()));
    }

    @Test
    void haproxyTakesItsFileForDatabases() throws Exception {
        InstalledProgram haproxy = InstalledProgram.orLeaveOut("haproxy", "haproxy", "haproxy-database.cfg");
        Path file = Files.writeString(folder.resolve("haproxy-database.cfg"), HaProxy.databaseConfiguration(1, 2));

        accepts(haproxy.run(folder, Map.of(), "-c", "-f", file.toString()));
    }

    @Test
    void systemdTakesItsUnit() throws Exception {
        InstalledProgram systemd = InstalledProgram.orLeaveOut("systemd-analyze", "systemd", "newapi.service");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String unit = Shipped.text("systemd/newapi.service");
        Path file = Files.writeString(folder.resolve("newapi.service"), unit.replace("=/usr/bin/java", "=" + java));

        Ended ended = systemd.run(folder, Map.of(), "verify", file.toString());

        assertThat(ended.output()).doesNotContain("newapi.service");
        accepts(ended);
        long stop = seconds(unit.replaceFirst("(?s).*TimeoutStopSec=(\\w+).*", "$1"));
        assertThat(stop).isGreaterThan(settings().node().shutdownTimeout().toSeconds() + 30);
    }

    /** What a node makes of the settings that are shown for systemd, with secrets. */
    private ServerConfig settings() throws Exception {
        String example = Shipped.text("systemd/newapi.env.example");
        Files.writeString(
                folder.resolve(".env"), example.replaceAll("(?m)_SECRET=$", "_SECRET=long enough, and secret"));
        LoadResult result = ServerConfig.load(Map.of(), folder, List.of());
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        return ((LoadResult.Loaded) result).config();
    }

    @Test
    void prometheusTakesItsFiles() throws Exception {
        InstalledProgram promtool = InstalledProgram.orLeaveOut("promtool", "promtool", "rules of Prometheus");
        for (String name : List.of("prometheus.yml", "alerts.yml", "alerts.test.yml")) {
            Files.copy(Shipped.file("prometheus/" + name), folder.resolve(name));
        }
        Files.writeString(folder.resolve("newapi-metrics-token"), "secret");

        accepts(promtool.run(folder, Map.of(), "check", "config", "prometheus.yml"));
        accepts(promtool.run(folder, Map.of(), "check", "rules", "alerts.yml"));
        accepts(promtool.run(folder, Map.of(), "test", "rules", "alerts.test.yml"));
    }

    @Test
    void shellsUnderstandTheScripts() {
        List<String> scripts = Shipped.named(".sh");
        assertThat(scripts).contains("backup.sh", "database.sh", "restore.sh", "proxysql/start.sh");
        scripts.forEach(name -> {
            boolean plain = Shipped.text(name).startsWith("#!/bin/sh");
            InstalledProgram shell =
                    InstalledProgram.find(plain ? "sh" : "bash").orElseThrow();
            accepts(shell.run(folder, Map.of(), "-n", Shipped.file(name).toString()));
        });
        InstalledProgram bash = InstalledProgram.find("bash").orElseThrow();
        Path ours = Shipped.folder().resolve("../../scripts");
        for (String name : List.of("cluster", "lib/cluster.sh", "lib/needs.sh")) {
            accepts(bash.run(folder, Map.of(), "-n", ours.resolve(name).toString()));
        }
    }

    @Test
    void theImageIsWhatTheGuidesOfOthersExpect() {
        String file = Shipped.text("Dockerfile");
        Map<String, List<String>> lines = Pattern.compile("(?m)^([A-Z]+) (.*)$")
                .matcher(file.substring(file.lastIndexOf("\nFROM ")))
                .results()
                .collect(Collectors.groupingBy(
                        line -> line.group(1),
                        Collectors.mapping((MatchResult line) -> line.group(2), Collectors.toList())));

        assertThat(lines.get("FROM"))
                .singleElement()
                .satisfies(image -> assertThat(image).contains("-jre").doesNotContain("latest"));
        assertThat(lines.get("WORKDIR")).containsExactly("/data");
        assertThat(lines.get("VOLUME")).containsExactly("[\"/data\", \"/app/logs\"]");
        assertThat(lines.get("EXPOSE")).containsExactly("3000");
        assertThat(lines.get("USER"))
                .singleElement()
                .satisfies(user -> assertThat(user).matches("[1-9]\\d+:[1-9]\\d+"));
        // without a shell, so that flags are its arguments and signals reach it
        assertThat(lines.get("ENTRYPOINT")).containsExactly("[\"java\", \"-jar\", \"/app/newapi-server.jar\"]");
        assertThat(file).contains("grep mawk wget").contains("HEALTHCHECK ");
    }

    private static void accepts(Ended ended) {
        assertThat(ended.exit()).as(ended.output()).isZero();
    }

    private static long seconds(String text) {
        return SECONDS.matcher(text)
                .results()
                .filter(found -> !found.group().isEmpty())
                .mapToLong(found -> 60 * number(found.group(1)) + number(found.group(2)))
                .sum();
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
