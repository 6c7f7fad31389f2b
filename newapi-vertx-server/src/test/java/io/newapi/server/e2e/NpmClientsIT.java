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
class NpmClientsIT {

    private static final long PLENTY = 1_000_000_000;

    /** Its address is a whole URL. */
    private static final int CUSTOM = 8;

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();

    @AfterEach
    void closeUpstreams() {
        upstreams.close();
    }

    @Test
    void theOfficialOpenAiClientWorksAgainstTheNode() throws IOException, InterruptedException {
        DataDirectory directory = DataDirectory.create(path);
        directory.channel("only", upstreams.start(Script.PLAIN).url(), 0);

        run("openai.test.js", directory, "/v1");
    }

    /** The channel is of a kind that takes chat completions alone: everything is translated, there and back. */
    @Test
    void clientsOfOtherFormatsWorkAgainstTheNodeWhoseUpstreamSpeaksNoneOfThem()
            throws IOException, InterruptedException {
        DataDirectory directory = DataDirectory.create(path);
        String chat = upstreams.start(Script.PLAIN).url() + "/v1/chat/completions";
        directory.channel(CUSTOM, "only", chat, 0);

        run("clients.test.js", directory, "");
    }

    @Test
    void theClientThatSpeaksAllFormatsWorksAgainstTheNode() throws IOException, InterruptedException {
        DataDirectory directory = DataDirectory.create(path);
        String chat = upstreams.start(Script.PLAIN).url() + "/v1/chat/completions";
        directory.channel(CUSTOM, "only", chat, 0);

        run("ai.test.js", directory, "");
    }

    private void run(String tests, DataDirectory directory, String base) throws IOException, InterruptedException {
        Node npm = Node.orLeaveOut("the official clients of npm against the node");
        long user = directory.user("owner", PLENTY);
        Key key = directory.unlimitedToken(user, "client");
        Key poor = directory.limitedToken(user, "poor", 10);
        try (TestNode node = TestNode.start(directory)) {
            ProcessBuilder run = new ProcessBuilder(npm.program(), "--test", tests)
                    .directory(npm.folder().toFile())
                    .redirectErrorStream(true);
            run.environment().put("NEWAPI_TEST_URL", node.url() + base);
            run.environment().put("NEWAPI_TEST_KEY", key.text());
            run.environment().put("NEWAPI_TEST_POOR", poor.text());
            run.environment().put("NEWAPI_TEST_MODEL", DataDirectory.BY_RATIO);
            run.environment().put("NEWAPI_TEST_UNPRICED", DataDirectory.UNPRICED);

            Process process = run.start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(printed).isZero();
        }
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charges(key)).isNotEmpty();
        assertThat(books.charges(poor)).isEmpty();
    }
}
