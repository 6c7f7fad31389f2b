package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(60)
class MainTest {

    @Test
    void helpNamesEveryOptionAndFault() {
        StringWriter out = new StringWriter();

        int code = new CommandLine(new Main()).setOut(new PrintWriter(out)).execute("--help");

        assertThat(code).isZero();
        for (Fault.Kind kind : Fault.Kind.values()) {
            if (kind != Fault.Kind.NONE) {
                assertThat(out.toString()).contains(kind.text());
            }
        }
        assertThat(out.toString()).contains("--port", "--latency", "--chunk-delay", "--fault-rate", "MILLIS");
    }

    @Test
    void aWrongOptionEndsWithTwoAndNamesTheValue() {
        StringWriter err = new StringWriter();

        int code = new CommandLine(new Main()).setErr(new PrintWriter(err)).execute("--fault", "earthquake");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("earthquake");
    }

    @Test
    void theProgramPrintsItsAddressWhenItIsReady() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--tokens",
                        "7",
                        "--latency",
                        "1")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            assertThat(line).startsWith("newapi-sandbox is listening on http://127.0.0.1:");

            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(line.substring(line.indexOf("http")) + "/v1/chat/completions"))
                    .POST(HttpRequest.BodyPublishers.ofString(Caller.saying("x").encode()))
                    .build();
            String answer = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(answer).contains("\"completion_tokens\":7");
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
}
