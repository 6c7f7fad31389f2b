package io.newapi.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.zstd.ZstdOutputStream;
import io.newapi.server.relay.wire.Content;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that clients send in fewer bytes. */
class BodyEncodingTest {

    private static final String REQUEST = Chat.request(false);

    /** The request, and 64 MiB of blanks, as Brotli's own program writes them; there is no such program in Java. */
    private static final String BROTLI =
            "G2QAAIzUYs0Z7oSAt1TtmZZEEwTNZkMxkzosfU45cGxL27LAsvROh42xsdoSxk8Pd3D6PimO6Ut51hwdpRF2kdsNnzjQrmskJWbhBw==";

    private static final String BROTLI_BOMB =
            "y///P/glQOKxQCD3/o///3/wSwDEYRGA7v0f////4JcAiMMCAN37P/7//8EvARCHBQC693/8//+DXwIgDgsAdO//+P//B78EQBwWAOje//H//w9+CYA4LADQvf/L//8//BIAcVgAoHv/Bw==";

    private static final int BOMB_BYTES = 64 * 1024 * 1024;

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private interface Encoder {
        OutputStream to(OutputStream out) throws IOException;
    }

    private static byte[] encoded(byte[] bytes, Encoder encoder) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream encoding = encoder.to(out)) {
            encoding.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static Stream<Arguments> encodings(byte[] bytes, byte[] brotli) {
        return Stream.of(
                Arguments.of("gzip", encoded(bytes, GZIPOutputStream::new)),
                Arguments.of("X-GZip", encoded(bytes, GZIPOutputStream::new)),
                Arguments.of("deflate", encoded(bytes, DeflaterOutputStream::new)),
                Arguments.of(
                        " deflate ",
                        encoded(bytes, out -> new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED, true)))),
                Arguments.of("br", brotli),
                Arguments.of("zstd", encoded(bytes, ZstdOutputStream::new)));
    }

    static Stream<Arguments> requests() {
        return encodings(REQUEST.getBytes(UTF_8), Base64.getDecoder().decode(BROTLI));
    }

    static Stream<Arguments> bombs() {
        byte[] blanks = new byte[BOMB_BYTES];
        Arrays.fill(blanks, (byte) ' ');
        return encodings(blanks, Base64.getDecoder().decode(BROTLI_BOMB));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void theProviderGetsTheBodyItself(String encoding, byte[] body) {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 3, 1)));
        relay.channel(upstream.url()).start();

        RawClient.Reply reply = post(encoding, body);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(upstream.bodies()).containsExactly(REQUEST);
        assertThat(upstream.heads().get(0).toLowerCase(Locale.ROOT)).doesNotContain("content-encoding");
        relay.finish();
        assertThat(relay.charges()).containsExactly(3L + 2);
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void aBodyThatBecomesTooLargeIsRefused(String encoding, byte[] body) {
        relay.start();

        RawClient.Reply reply = post(encoding, body);

        assertThat(reply.status()).isEqualTo(413);
        assertThat(code(reply)).isEqualTo("request_too_large");
        relay.finish();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aBodyThatIsNotWholeIsRefused(String encoding, byte[] body) {
        relay.start();

        RawClient.Reply reply = post(encoding, Arrays.copyOf(body, body.length - 9));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(code(reply)).isEqualTo("invalid_encoding");
        relay.finish();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aBodyThatIsNotEncodedAtAllIsRefused(String encoding, byte[] body) {
        relay.start();

        RawClient.Reply reply = post(encoding, REQUEST.getBytes(UTF_8));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(code(reply)).isEqualTo("invalid_encoding");
        relay.finish();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void whateverIsDamagedIsRefusedOrIsAnotherBody(String encoding, byte[] body) {
        BodyEncoding known = BodyEncoding.of(encoding).orElseThrow();
        BodyMemory.Share memory = new BodyMemory(Long.MAX_VALUE / 2).share();
        Random random = new Random(3);
        for (int turn = 0; turn < 2_000; turn++) {
            byte[] damaged = body.clone();
            for (int times = 0; times <= turn % 4; times++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                BodyGathering into = new BodyGathering(memory, Spool.none().share(), 1024 * 1024, -1);
                assertThat(known.decode(Content.of(damaged), into).length()).isLessThanOrEqualTo(1024 * 1024);
            } catch (RelayFailure refused) {
                assertThat(refused.error().status()).isIn(400, 413);
            }
        }
    }

    @Test
    void whatIsNotEncodedMayBeCalledIdentity() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 3, 1)));
        relay.channel(upstream.url()).start();

        assertThat(post("identity", REQUEST.getBytes(UTF_8)).status()).isEqualTo(200);
        relay.finish();
    }

    private RawClient.Reply post(String encoding, byte[] body) {
        try (RawClient client = relay.connect()) {
            return client.post("/v1/chat/completions", body, "Content-Encoding: " + encoding)
                    .reply();
        }
    }

    private static String code(RawClient.Reply reply) {
        return new JsonObject(reply.body()).getJsonObject("error").getString("code");
    }
}
