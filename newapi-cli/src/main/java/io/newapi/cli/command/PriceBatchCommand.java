package io.newapi.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prices calls, or log rows, line by line; memory does not grow with their number. */
@Command(
        description = {
            "A line is a call: {\"model\", \"group\", \"user_group\", \"usage\", \"options\"}, or a row of the log.",
            "For each there is a line {\"line\", \"quota\"} or {\"line\", \"error\"}; the total is on standard error."
        })
final class PriceBatchCommand extends CliCommand {

    @Parameters(paramLabel = "FILE", description = "JSON lines; - for standard input.")
    private String file = "";

    @Option(names = "--explain", order = 1, description = "Add the lines that each quota is the sum of.")
    private boolean explain;

    @Override
    void run() {
        try (InputStream in = open()) {
            price(new LineReader(in));
        } catch (IOException e) {
            throw Failure.ofUsage("cannot read " + file + ": " + e.getMessage(), "");
        }
    }

    private InputStream open() throws IOException {
        return file.equals("-") ? surroundings().in() : Files.newInputStream(Path.of(file));
    }

    private void price(LineReader lines) throws IOException {
        BatchPricing pricing = new BatchPricing(surroundings().clock(), explain);
        BigInteger total = BigInteger.ZERO;
        long priced = 0;
        long failed = 0;
        while (lines.next()) {
            if (lines.isBlank()) {
                continue;
            }
            ObjectNode answer = Json.object().put("line", lines.number());
            if (pricing.price(lines, answer)) {
                priced++;
                total = total.add(answer.path("quota").bigIntegerValue());
            } else {
                failed++;
            }
            surroundings().out().println(answer);
        }
        surroundings().out().flush();
        surroundings().err().println("priced " + priced + ", failed " + failed + ", total quota " + total);
        if (failed > 0) {
            throw new Failure(ExitCode.REFUSED, failed + " of " + (priced + failed) + " lines could not be priced", "");
        }
    }
}
