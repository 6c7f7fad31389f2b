package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.testing.Node;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the tests in {@code src/test/node} against a node and a mock upstream, and then looks into the books. */
class NpmClientsIT {

    private static final long PLENTY = 1_000_000_000;

    private static final String REFUSED = "model-refused";
    private static final String SLOW = "model-slow";

    @TempDir
    Path folder;

    private final Upstreams upstreams = new Upstreams();

    @AfterEach
    void closeUpstreams() {
        upstreams.close();
    }

    /** Providers by the type of their channels: all speak differently, and whatever a client says is translated but for one. */
    @ParameterizedTest
    @CsvSource({
        "8, chat completions alone, /v1/chat/completions",
        "1, OpenAI, ''",
        "3, Azure, ''",
        "14, Anthropic, ''",
        "24, Google, ''"
    })
    void clientsOfEveryFormatWorkWhateverTheProviderSpeaks(int type, String provider, String path)
            throws IOException, InterruptedException {
        DataDirectory directory = DataDirectory.create(folder);
        String model = DataDirectory.BY_RATIO;
        directory.options(Map.of(
                "ModelRatio",
                new JsonObject().put(model, 1).put(REFUSED, 1).put(SLOW, 1).encode()));
        // the upstream takes wishes behind the name of a model
        directory.channel(ChannelChange.none()
                .type(type)
                .name(provider)
                .key("sk-upstream")
                .baseUrl(upstreams.start(Script.PLAIN).url() + path)
                .models(String.join(",", model, DataDirectory.UNPRICED, REFUSED, SLOW))
                .modelMapping(new JsonObject()
                        .put(REFUSED, "model!status:429")
                        .put(SLOW, "model!chunks=200!completion_tokens=200!chunk_delay_ms=20")
                        .encode())
                .group("default"));

        run(directory, "openai.test.js", "clients.test.js", "ai.test.js");
    }

    private void run(DataDirectory directory, String... tests) throws IOException, InterruptedException {
        Node npm = Node.orLeaveOut("the official clients of npm against the node");
        long user = directory.user("owner", PLENTY);
        Key key = directory.unlimitedToken(user, "client");
        Key poor = directory.limitedToken(user, "poor", 10);
        try (TestNode node = TestNode.start(directory)) {
            ProcessBuilder run = new ProcessBuilder(npm.program(), "--test")
                    .directory(npm.folder().toFile())
                    .redirectErrorStream(true);
            run.command().addAll(List.of(tests));
            run.environment().put("NEWAPI_TEST_URL", node.url());
            run.environment().put("NEWAPI_TEST_KEY", key.text());
            run.environment().put("NEWAPI_TEST_POOR", poor.text());
            run.environment().put("NEWAPI_TEST_MODEL", DataDirectory.BY_RATIO);
            run.environment().put("NEWAPI_TEST_UNPRICED", DataDirectory.UNPRICED);
            run.environment().put("NEWAPI_TEST_REFUSED", REFUSED);
            run.environment().put("NEWAPI_TEST_SLOW", SLOW);

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
