package io.newapi.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.testing.Node;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Streams of every format, recorded whole, are cut anywhere: official clients come to an end each time, and nobody pays more than
 * for the whole answer.
 */
class CutStreamsIT {

    private static final String UNTESTED = "official clients whose streams are cut anywhere";
    private static final int CUTS = 1000;
    private static final long SEED = 20261126;

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    @ParameterizedTest
    @CsvSource({
        "chat, 1, 1, chat/openrouter.sse",
        "responses, 1, 1, responses/openai.sse",
        "messages, 14, 2, messages/stream-tools.txt",
        "gemini, 24, 1, gemini/stream-calls.txt"
    })
    void whereverAStreamIsCutClientsComeToAnEndAndPayNoMoreThanForAllOfIt(
            String format, int type, int clients, String recording) throws Exception {
        Node node = Node.orLeaveOut(UNTESTED);
        byte[] whole = recorded(recording);
        int callsOfEach = CUTS / clients + 1;
        AtomicInteger calls = new AtomicInteger();
        Random random = new Random(SEED);
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> {
            boolean cut = calls.getAndIncrement() % callsOfEach != 0;
            int length = cut ? random.nextInt(whole.length + 1) : whole.length;
            reply.streamHead();
            if (length > 0) {
                // what is cut inside of a character cannot be said as a text
                reply.chunk(Arrays.copyOf(whole, length));
            }
            if (cut) {
                reply.cut();
            } else {
                reply.end();
            }
        });
        relay.channel(upstream.url(), made -> made.type(type)).start();

        String printed = run(node, format, callsOfEach);

        relay.finish();
        List<Long> charges = relay.charges();
        long full = charges.get(0);
        assertThat(calls.get()).as(printed).isEqualTo(CUTS + clients);
        assertThat(full).isPositive();
        assertThat(charges).as("at most what all of it costs").allMatch(charge -> charge <= full);
        assertThat(charges).anyMatch(charge -> charge < full);
    }

    private static byte[] recorded(String name) throws IOException {
        try (InputStream in = CutStreamsIT.class.getResourceAsStream("wire/chat/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private String run(Node node, String format, int calls) throws IOException, InterruptedException {
        ProcessBuilder run = new ProcessBuilder(node.program(), "--test", "cuts.test.js")
                .directory(node.folder().toFile())
                .redirectErrorStream(true);
        run.environment().put("NEWAPI_TEST_URL", "http://127.0.0.1:" + relay.port());
        run.environment().put("NEWAPI_TEST_KEY", "sk-" + RelayHarness.KEY);
        run.environment().put("NEWAPI_TEST_MODEL", Chat.MODEL);
        run.environment().put("NEWAPI_TEST_CALLS", Integer.toString(calls));
        run.environment().put("NEWAPI_TEST_FORMAT", format);
        Process process = run.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }
}
