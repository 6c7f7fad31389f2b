package io.newapi.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.cli.Main;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Credential;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An audit as the command line sees it: begun, watched, shown, and judged by the exit code. */
@Timeout(60)
class AuditTest {

    private static final String DIFFERENCE = """
            {"kind":"user","id":7,"figure":"balance","cause":"foreign_change","expected":1000,"found":1007,
             "difference":7,"clean_at":1782900000}""";
    private static final String SUSPENDED = """
            {"kind":"token","id":9,"quota":-5,"reason":"the token 9 does not exist","writer":"w","created_at":1782900000}""";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private final FakeGateway gateway = new FakeGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static String report(String run, String state, boolean clean, String differences, String suspense) {
        return """
                {"state":"%s","run":"%s","started_at":1782900000,"finished_at":%d,"clean":%b,
                 "checked":{"users":12,"tokens":30,"channels":2},"opened":1,
                 "differences":%s,"suspense":%s,"failure":""}""".formatted(
                state, run, state.equals("running") ? 0 : 1_782_900_060, clean, list(differences), list(suspense));
    }

    private static String list(String item) {
        return item.isEmpty() ? "{\"total\":0,\"items\":[]}" : "{\"total\":1,\"items\":[" + item + "]}";
    }

    private static String running(String run) {
        return report(run, "running", false, "", "");
    }

    private static String clean(String run) {
        return report(run, "done", true, "", "");
    }

    private Shell.Result run(String... arguments) {
        return new Shell(home).loggedIn(gateway).run(arguments);
    }

    @Test
    void anAuditIsBegunAndWaitedFor() {
        gateway.on("POST /api/audit", running("r1"))
                .on("GET /api/audit", running("r1"))
                .on("GET /api/audit", clean("r1"));

        Shell.Result result = run("audit");

        assertThat(gateway.lines()).containsExactly("POST /api/audit", "GET /api/audit", "GET /api/audit");
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines())
                .contains(
                        "state        done",
                        "started_at   2026-07-01T10:00:00Z",
                        "users        12",
                        "differences  0",
                        "clean        true")
                .noneMatch(line -> line.contains("items"));
    }

    @Test
    void whatCouldNotBeComparedIsNotInOrder() {
        gateway.on(
                "POST /api/audit",
                report("r1", "done", false, "", "").replace("\"opened\":1", "\"opened\":1,\"undecided\":3"));

        Shell.Result result = run("audit");

        assertThat(result.code()).isEqualTo(6);
        assertThat(result.out().lines()).contains("undecided    3", "differences  0");
        assertThat(result.err()).contains("not everything could be compared", "3 accounts");
    }

    @Test
    void differencesAreShownWithTheirOriginAndEndWithACodeOfTheirOwn() {
        gateway.on("POST /api/audit", report("r1", "done", false, DIFFERENCE, SUSPENDED));

        Shell.Result result = run("audit");

        assertThat(result.code()).isEqualTo(6);
        assertThat(result.out().lines().limit(5).toList())
                .containsExactly(
                        "kind  id  figure   expected  found  difference  cause           right_until",
                        "user   7  balance      1000   1007           7  foreign_change  2026-07-01T10:00:00Z",
                        "",
                        "kind   id  quota  reason                      created_at",
                        "token   9     -5  the token 9 does not exist  2026-07-01T10:00:00Z");
        assertThat(result.err())
                .isEqualTo("newapi: the books are not in order (differences: 1, rows in suspense: 1)\n");
    }

    @Test
    void programsGetOneDocument() {
        gateway.on("POST /api/audit", report("r1", "done", false, DIFFERENCE, ""));

        Shell.Result result = run("audit", "-o", "json");

        assertThat(result.code()).isEqualTo(6);
        JsonNode document = result.json();
        assertThat(document.path("state").asText()).isEqualTo("done");
        assertThat(document.path("clean").asBoolean(true)).isFalse();
        assertThat(document.path("differences").asLong()).isEqualTo(1);
        JsonNode item = document.path("difference_items").path(0);
        assertThat(item.path("kind").asText()).isEqualTo("user");
        assertThat(item.path("difference").asLong()).isEqualTo(7);
        assertThat(item.path("right_until").asText()).isEqualTo("2026-07-01T10:00:00Z");
        assertThat(document.path("suspense_items")).isEmpty();
    }

    @Test
    void withoutWaitingItIsOnlyBegun() {
        gateway.on("POST /api/audit", running("r1"));

        Shell.Result result = run("audit", "--no-wait");

        assertThat(gateway.lines()).containsExactly("POST /api/audit");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("running");
    }

    @Test
    void theLastOneCanBeShownAndJudgedAgain() {
        gateway.on("GET /api/audit", report("r1", "done", false, DIFFERENCE, ""));

        Shell.Result result = run("audit", "--last");

        assertThat(gateway.lines()).containsExactly("GET /api/audit");
        assertThat(result.code()).isEqualTo(6);
    }

    @Test
    void whereThereWasNoneThereIsNothingToShow() {
        gateway.on("GET /api/audit", report("", "never", false, "", ""));

        Shell.Result result = run("audit", "--last");

        assertThat(result.code()).isEqualTo(5);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void oneUnderWayCanBeEnded() {
        gateway.on("DELETE /api/audit", report("r1", "cancelled", false, "", ""));

        Shell.Result result = run("audit", "--cancel");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("cancelled");
        assertThat(run("audit", "--cancel", "--last").code()).isEqualTo(2);
    }

    @Test
    void oneThatFailsOrIsEndedBySomebodyElseIsNoSuccess() {
        gateway.on("POST /api/audit", running("r1"))
                .on("GET /api/audit", report("r1", "cancelled", false, "", ""))
                .on(
                        "GET /api/audit",
                        report("r1", "failed", false, "", "").replace("\"failure\":\"\"", "\"failure\":\"no room\""));

        Shell.Result cancelled = run("audit");
        Shell.Result failed = run("audit");

        assertThat(cancelled.code()).isEqualTo(1);
        assertThat(cancelled.err()).isEqualTo("newapi: somebody has ended the audit\n");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).isEqualTo("newapi: the audit has failed: no room\n");
    }

    @Test
    void onlyRootIsLetIn() {
        gateway.onRefusal("POST /api/audit", "no permission", "role_too_low");

        assertThat(run("audit").code()).isEqualTo(1);
    }

    @Test
    void theWatchAsksMoreAndMoreRarelyAndSaysNowAndThenHowFarItIs() throws IOException {
        for (int i = 0; i < 8; i++) {
            gateway.on("GET /api/audit", running("r1"));
        }
        gateway.on("GET /api/audit", clean("r1"));
        List<Duration> pauses = new ArrayList<>();
        StringWriter err = new StringWriter();

        JsonNode report = watch(pauses, err).untilItEnds(parsed(running("r1")));

        assertThat(report.path("state").asText()).isEqualTo("done");
        assertThat(pauses)
                .startsWith(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400))
                .endsWith(Duration.ofSeconds(2), Duration.ofSeconds(2))
                .hasSize(9);
        assertThat(err.toString().lines())
                .isNotEmpty()
                .hasSizeLessThan(4)
                .containsOnly("newapi: looked at 12 users, 30 tokens, 2 channels");
    }

    @Test
    void answersOfOtherNodesArePassedOverForAWhile() throws IOException {
        for (int i = 0; i < 5; i++) {
            gateway.on("GET /api/audit", report("", "never", false, "", "")).on("GET /api/audit", running("r1"));
        }
        gateway.on("GET /api/audit", clean("other")).on("GET /api/audit", clean("r1"));

        JsonNode report = watch(new ArrayList<>(), new StringWriter()).untilItEnds(parsed(running("r1")));

        assertThat(report.path("run").asText()).isEqualTo("r1");
    }

    @Test
    void anAuditThatNobodyKnowsAnyMoreIsGivenUp() throws IOException {
        gateway.on("GET /api/audit", report("", "never", false, "", ""));
        JsonNode begun = parsed(running("r1"));

        assertThatThrownBy(() -> watch(new ArrayList<>(), new StringWriter()).untilItEnds(begun))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("knows nothing of the audit");
    }

    /** Ended by a signal, as Ctrl-C does. */
    @Test
    void whoEndsTheWaitingIsToldThatTheAuditGoesOn() throws IOException, InterruptedException {
        gateway.on("POST /api/audit", running("r1")).on("GET /api/audit", running("r1"));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "audit")
                .redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of("NEWAPI_URL", gateway.url(), "NEWAPI_TOKEN", "access-token-1", "NEWAPI_USER_ID", "1"));
        Process process = builder.start();
        while (!gateway.lines().contains("GET /api/audit") && process.isAlive()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }

        // not the process's own method, which throws the output away
        assertThat(process.toHandle().destroy()).isTrue();

        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.lines())
                    .containsExactly("newapi: the audit goes on at the gateway (newapi audit --last shows it, --cancel"
                            + " ends it)");
        }
        assertThat(process.waitFor()).isNotZero();
        assertThat(gateway.lines()).doesNotContain("DELETE /api/audit");
    }

    private AuditWatch watch(List<Duration> pauses, StringWriter err) {
        AdminClient client = new AdminClient(
                URI.create(gateway.url()), new Credential.AccessToken(1, "access-token-1"), Duration.ofSeconds(30));
        return new AuditWatch(client, pauses::add, new PrintWriter(err));
    }

    private static JsonNode parsed(String json) throws IOException {
        return Json.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
