package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;

/** Asks how far an audit is until it has ended, more and more rarely, and says so now and then. Used once. */
final class AuditWatch {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    /** Behind a load balancer the others' nodes answer now and then. */
    private static final int MOST_OTHERS = 20;

    private final AdminClient client;
    private final Consumer<Duration> pause;
    private final PrintWriter err;
    private Duration silent = Duration.ZERO;

    /**
     * @param pause waits for so long
     * @param err where progress is told
     */
    AuditWatch(AdminClient client, Consumer<Duration> pause, PrintWriter err) {
        this.client = client;
        this.pause = pause;
        this.err = err;
    }

    /**
     * The report of the audit when it has ended.
     *
     * @param begun what the gateway said when it began
     * @throws Failure if nobody knows of it any more
     */
    JsonNode untilItEnds(JsonNode begun) {
        JsonNode report = begun;
        Duration next = FIRST_PAUSE;
        int others = 0;
        while (Json.text(report, "state").equals("running")) {
            pause.accept(next);
            silent = silent.plus(next);
            next = shorter(next.multipliedBy(2), LONGEST_PAUSE);
            JsonNode seen = client.get("/api/audit");
            if (Json.text(seen, "run").equals(Json.text(begun, "run"))) {
                report = seen;
                others = 0;
                tell(report);
            } else if (++others == MOST_OTHERS) {
                throw new Failure(
                        ExitCode.NOT_FOUND,
                        "the gateway knows nothing of the audit any more: the node was started anew, or other nodes answer",
                        "give the address of one node with --url");
            }
        }
        return report;
    }

    private void tell(JsonNode report) {
        if (silent.compareTo(BETWEEN_LINES) >= 0) {
            silent = Duration.ZERO;
            JsonNode checked = report.path("checked");
            err.println("newapi: looked at " + checked.path("users").asLong() + " users, "
                    + checked.path("tokens").asLong() + " tokens, "
                    + checked.path("channels").asLong() + " channels");
            err.flush();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
