package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Sandbox;
import io.newapi.sandbox.SandboxOptions;
import io.newapi.server.testing.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the tests in {@code src/test/node} against a node and a mock upstream, and then looks into the books. */
class OpenAiNpmClientIT {

    @TempDir
    Path directory;

    @Test
    void theOfficialNpmClientWorksAgainstTheNode() throws IOException, InterruptedException {
        Node npm = Node.orLeaveOut("the official openai client of npm against the node");
        Sandbox sandbox = Sandbox.start(SandboxOptions.DEFAULTS)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        try (LocalNode node = LocalNode.start(directory)) {
            Operator operator = Operator.settingUp(node.url());
            operator.channel("mock", sandbox.url(), "gpt-4o,unpriced-model", 0);
            ProcessBuilder tests = new ProcessBuilder(npm.program(), "--test", "openai.test.js")
                    .directory(npm.folder().toFile())
                    .redirectErrorStream(true);
            tests.environment().put("NEWAPI_TEST_URL", node.url() + "/v1");
            tests.environment().put("NEWAPI_TEST_KEY", operator.token("client", 1_000_000));
            tests.environment().put("NEWAPI_TEST_POOR", operator.token("poor", 10));

            Process process = tests.start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(printed).isZero();
            assertThat(printed).contains("# fail 0");
        } finally {
            sandbox.close().toCompletionStage().toCompletableFuture().join();
        }
        Books books = new Books(directory);
        assertThat(books.charged()).isPositive();
        books.balance();
    }
}
