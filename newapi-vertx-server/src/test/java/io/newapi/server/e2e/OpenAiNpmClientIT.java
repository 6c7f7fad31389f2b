package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.testing.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the tests in {@code src/test/node} against a node and a mock upstream, and then looks into the books. */
class OpenAiNpmClientIT {

    private static final long PLENTY = 1_000_000_000;

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();

    @AfterEach
    void closeUpstreams() {
        upstreams.close();
    }

    @Test
    void theOfficialNpmClientWorksAgainstTheNode() throws IOException, InterruptedException {
        Node npm = Node.orLeaveOut("the official openai client of npm against the node");
        DataDirectory directory = DataDirectory.create(path);
        directory.channel("only", upstreams.start(Script.PLAIN).url(), 0);
        long user = directory.user("owner", PLENTY);
        Key key = directory.unlimitedToken(user, "client");
        Key poor = directory.limitedToken(user, "poor", 10);

        try (TestNode node = TestNode.start(directory)) {
            ProcessBuilder tests = new ProcessBuilder(npm.program(), "--test", "openai.test.js")
                    .directory(npm.folder().toFile())
                    .redirectErrorStream(true);
            tests.environment().put("NEWAPI_TEST_URL", node.url() + "/v1");
            tests.environment().put("NEWAPI_TEST_KEY", key.text());
            tests.environment().put("NEWAPI_TEST_POOR", poor.text());
            tests.environment().put("NEWAPI_TEST_MODEL", DataDirectory.BY_RATIO);
            tests.environment().put("NEWAPI_TEST_UNPRICED", DataDirectory.UNPRICED);

            Process process = tests.start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(printed).isZero();
        }
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charges(key)).isNotEmpty();
        assertThat(books.charges(poor)).isEmpty();
    }
}
