package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.testing.InstalledProgram;
import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.RedisServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each node of the compose files is run as the container would run it: the image's program and options, the service's
 * settings, flags, directories and health check. Only the names of hosts, ports and directories are this machine's.
 */
class ComposeServicesIT {

    /** What the JVM is told when it ends on SIGTERM. */
    private static final int TERMINATED = 143;

    /** Beside what the image says: it starts with less work. */
    private static final List<String> BRIEFLY = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    @TempDir
    Path path;

    private final List<Service> services = new ArrayList<>();
    private final List<Running> nodes = new ArrayList<>();

    /**
     * A service of a node.
     *
     * @param name the file's and its own
     * @param data what is mounted at /data, here
     * @param logs what is mounted at /app/logs, here
     */
    private record Service(String name, JsonObject definition, Path data, Path logs) {

        NodeProcess launch(Map<String, String> ofImage, SharedDatabase database, RedisServer redis) {
            Map<String, String> environment = new HashMap<>(ofImage);
            definition
                    .getJsonObject("environment")
                    .forEach(setting -> environment.put(
                            setting.getKey(),
                            String.valueOf(setting.getValue())
                                    .replace(
                                            "@tcp(mysql:3306)/new-api",
                                            database.dsn()
                                                    .substring(database.dsn().indexOf("@tcp(")))
                                    .replace("redis://redis:6379", "redis://127.0.0.1:" + redis.port())));
            List<String> flags = definition.getJsonArray("command", new JsonArray()).stream()
                    .map(flag -> flag.equals("/app/logs") ? logs.toString() : (String) flag)
                    .toList();
            return NodeProcess.launch(data, environment, BRIEFLY, flags);
        }

        /** Whether the probe finds a node healthy. */
        boolean isHealthy(String url) {
            JsonArray test = definition.getJsonObject("healthcheck").getJsonArray("test");
            assertThat(test.getString(0)).isEqualTo("CMD-SHELL");
            String address = url.substring("http://".length());
            // two dollar signs are how compose writes one
            String command = test.getString(1).replace("$$", "$").replace("localhost:3000", address);
            assertThat(command).contains(address);
            return InstalledProgram.find("sh")
                            .orElseThrow()
                            .run(data, Map.of(), "-c", command)
                            .exit()
                    == 0;
        }
    }

    /** A service, and its node. */
    private record Running(Service service, NodeProcess process) {

        boolean isHealthy() {
            return service.isHealthy(process.url());
        }
    }

    @Test
    void everyNodeOfTheComposeFilesRunsAsItIsWrittenThereAndItsProbeCanFail() {
        Compose compose = Compose.orLeaveOut("nodes with the settings of the compose files");
        InstalledProgram.orLeaveOut("wget", "wget", "the health checks of the compose files");
        SharedDatabase database =
                SharedDatabase.create(MariaDb.orLeaveOut("nodes with the settings of the compose files"));
        try (RedisServer redis = RedisServer.orLeaveOut("nodes with the settings of the compose files")) {
            Map<String, String> environment = new HashMap<>(Compose.SECRETS);
            environment.put("MYSQL_PASSWORD", MariaDb.PASSWORD);
            environment.put("REDIS_PASSWORD", passwordIn(redis.url()));
            environment.put("SQL_DSN", database.dsn());
            environment.put("REDIS_CONN_STRING", redis.url().replaceFirst("/1$", ""));
            environment.put("TZ", "Asia/Shanghai");
            environment.put("FRONTEND_BASE_URL", "https://gateway.example.com");
            collect(compose, "compose.master.yml", environment);
            collect(compose, "compose.slave.yml", environment);
            collect(compose, "compose.yml", environment);
            assertThat(services).hasSize(4);

            for (Service service : services) {
                Running node = new Running(service, service.launch(ofImage(), database, redis));
                nodes.add(node);
                node.process().awaitServing();
            }

            assertThat(nodes).allMatch(Running::isHealthy);
            assertThat(nodes)
                    .allSatisfy(node -> assertThat(node.process().output()).contains("+08:00"));
            theFiguresThatAlertsAskForAreThere(nodes.get(0).process().url());
            nodes.forEach(node -> node.process().terminate());
            assertThat(nodes)
                    .allSatisfy(node -> assertThat(node.process().waitForEnd()).isEqualTo(TERMINATED));
            assertThat(nodes).noneMatch(Running::isHealthy);
            assertThat(services).allMatch(ComposeServicesIT::keeps);
        } finally {
            nodes.forEach(node -> node.process().kill());
        }
    }

    private static void theFiguresThatAlertsAskForAreThere(String url) {
        String figures = InstalledProgram.find("wget")
                .orElseThrow()
                .run(Shipped.folder(), Map.of(), "-q", "-O", "-", url + "/metrics")
                .output();
        Pattern.compile("\\bnewapi_[a-z_]+\\b")
                .matcher(Shipped.text("prometheus/alerts.yml"))
                .results()
                .forEach(figure -> assertThat(figures).containsPattern("(?m)^" + figure.group() + "[ {]"));
    }

    private static String passwordIn(String url) {
        String login = URI.create(url).getRawUserInfo();
        return URLDecoder.decode(login.substring(login.indexOf(':') + 1), StandardCharsets.UTF_8);
    }

    /** Notes the nodes among the services of a file. */
    private void collect(Compose compose, String file, Map<String, String> environment) {
        compose.services(List.of(file), environment).forEach((name, definition) -> {
            // two slaves differ in name and place only
            if (definition.getString("image").startsWith("newapi:") && !name.endsWith("-2")) {
                assertThat(mounts(definition)).as(name).contains("/data", "/app/logs");
                services.add(new Service(
                        file + " " + name, definition, folder(file + name + "-data"), folder(file + name + "-logs")));
            }
        });
    }

    private static List<String> mounts(JsonObject service) {
        return service.getJsonArray("volumes").stream()
                .map(mount -> mount instanceof JsonObject described
                        ? described.getString("target")
                        : ((String) mount).split(":", -1)[1])
                .toList();
    }

    /** The journal is in the data directory; the log is in that of logs, where the flag says so, and else the image does. */
    private static boolean keeps(Service service) {
        boolean flagged = service.definition().containsKey("command")
                && service.definition().getValue("command") != null;
        Path logs = flagged ? service.logs() : service.data().resolve("logs");
        return Files.isDirectory(service.data().resolve("newapi-journal")) && Files.exists(logs.resolve("newapi.log"));
    }

    /** What the image sets. */
    private static Map<String, String> ofImage() {
        Matcher options = Pattern.compile("(?m)^ENV JDK_JAVA_OPTIONS=\"(.*)\"$").matcher(Shipped.text("Dockerfile"));
        assertThat(options.find()).isTrue();
        return Map.of("JDK_JAVA_OPTIONS", options.group(1));
    }

    private Path folder(String name) {
        try {
            return Files.createDirectories(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
