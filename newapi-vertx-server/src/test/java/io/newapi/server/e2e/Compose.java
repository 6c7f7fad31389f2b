package io.newapi.server.e2e;

import io.newapi.server.testing.InstalledProgram;
import io.newapi.server.testing.InstalledProgram.Ended;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What docker-compose makes of the compose files that are shipped; nothing is started. */
final class Compose {

    /** As they are used: some are laid over another. */
    static final List<List<String>> STACKS = List.of(
            List.of("compose.master.yml"),
            List.of("compose.slave.yml"),
            List.of("compose.yml"),
            List.of("compose.yml", "compose.sentinel.yml"),
            List.of("compose.yml", "compose.redis-cluster.yml"),
            List.of("compose.yml", "compose.proxysql.yml"));

    /** All that the files want to be told. */
    static final Map<String, String> SECRETS = Map.of(
            "SQL_DSN", "newapi:secret@tcp(db:3306)/new-api",
            "REDIS_CONN_STRING", "redis://default:secret@redis:6379",
            "SESSION_SECRET", "the session secret of a test",
            "CRYPTO_SECRET", "the crypto secret of a test",
            "MYSQL_ROOT_PASSWORD", "a",
            "MYSQL_PASSWORD", "b",
            "REDIS_PASSWORD", "c",
            "MYSQL_MONITOR_PASSWORD", "d",
            "MYSQL_REPLICATION_PASSWORD", "e");

    private static final String TO_JSON =
            "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin.read()), sys.stdout)";

    private final InstalledProgram program;

    private Compose(InstalledProgram program) {
        this.program = program;
    }

    static Compose orLeaveOut(String untested) {
        return new Compose(InstalledProgram.orLeaveOut("docker-compose", "compose", untested));
    }

    /** Checks the files. */
    Ended check(List<String> files, Map<String, String> environment) {
        return run(files, environment, "config", "-q");
    }

    /** The services of the files, laid over each other, with everything filled in. */
    Map<String, JsonObject> services(List<String> files, Map<String, String> environment) {
        Ended json = run(files, environment, "config", "--format", "json");
        // the older one prints its usage instead
        String text = json.output().startsWith("{") ? json.output() : fromYaml(run(files, environment, "config"));
        Map<String, JsonObject> services = new HashMap<>();
        JsonObject all = new JsonObject(text).getJsonObject("services");
        all.fieldNames().forEach(name -> services.put(name, all.getJsonObject(name)));
        return services;
    }

    private Ended run(List<String> files, Map<String, String> environment, String... command) {
        Map<String, String> whole = new HashMap<>(environment);
        // it looks for a file .env where it runs
        whole.putIfAbsent("COMPOSE_PROJECT_NAME", "newapi-test");
        List<String> arguments = new ArrayList<>();
        files.forEach(file -> arguments.addAll(List.of("-f", Shipped.file(file).toString())));
        arguments.addAll(List.of(command));
        return program.run(Shipped.folder(), whole, arguments.toArray(String[]::new));
    }

    /** The older docker-compose, which is a Python program, writes YAML only; what reads it has come with it. */
    private static String fromYaml(Ended yaml) {
        if (yaml.exit() != 0) {
            throw new AssertionError(yaml.output());
        }
        return Stream.of("/usr/bin/python3", "python3")
                .map(python -> new InstalledProgram(Path.of(python))
                        .runWith(yaml.output(), Shipped.folder(), Map.of(), "-c", TO_JSON))
                .filter(ended -> ended.exit() == 0)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no Python that reads YAML"))
                .output();
    }
}
