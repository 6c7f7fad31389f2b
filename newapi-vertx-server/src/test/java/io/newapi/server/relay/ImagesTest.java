package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.pricing.Ratio;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images: what comes passes unchanged, and what was delivered is charged to the unit. */
class ImagesTest {

    private static final String PATH = "/v1/images/generations";
    private static final String EDITS = "/v1/images/edits";
    private static final String IMAGE = "{\"b64_json\":\"aGVsbG8=\"}";

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private ScriptedUpstream upstream(String model, String answer) {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, answer));
        relay.channel(upstream.url(), made -> made.models(List.of(model)));
        return upstream;
    }

    private RawClient.Reply post(String path, String body, String... headers) {
        try (RawClient client = relay.connect()) {
            return client.post(path, body, headers).reply();
        }
    }

    private static String images(int count) {
        return "{\"created\":1,\"data\":[" + String.join(",", Collections.nCopies(count, IMAGE)) + "]}";
    }

    /**
     * 500000 units for 1 USD, times the price of the model, times what size and quality make of it, times the images.
     *
     * <pre>
     *   dall-e-3  0.04 x 1   x 1   x 1 = 0.04  -&gt;  20000     dall-e-2  0.02 x 0.4  x 3 = 0.024 -&gt; 12000
     *   dall-e-3  0.04 x 2   x 1   x 1 = 0.08  -&gt;  40000     dall-e-2  0.02 x 0.45 x 1 = 0.009 -&gt;  4500
     *   dall-e-3  0.04 x 1   x 2   x 1 = 0.08  -&gt;  40000     other     0.03 x 1    x 2 = 0.06  -&gt; 30000
     *   dall-e-3  0.04 x 2   x 1.5 x 1 = 0.12  -&gt;  60000
     * </pre>
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dall-e-3 | 0.04 |                                                         | 1 | 20000",
                "dall-e-3 | 0.04 | ,\"size\":\"1792x1024\",\"quality\":\"standard\",\"n\":1 | 1 | 40000",
                "dall-e-3 | 0.04 | ,\"quality\":\"hd\"                                     | 1 | 40000",
                "dall-e-3 | 0.04 | ,\"size\":\"1024x1792\",\"quality\":\"hd\"              | 1 | 60000",
                "dall-e-2 | 0.02 | ,\"size\":\"256x256\",\"n\":3                           | 3 | 12000",
                "dall-e-2 | 0.02 | ,\"size\":\"512x512\",\"n\":null                        | 1 | 4500",
                "flux-1   | 0.03 | ,\"size\":\"1792x1024\",\"quality\":\"hd\",\"n\":2      | 2 | 30000",
                "dall-e-2 | 0.02 | ,\"size\":\"1024x1024\",\"n\":4                         | 1 | 10000"
            })
    void atAPriceForEachAreChargedAsManyAsCame(String model, String usd, String fields, int came, long charged) {
        ScriptedUpstream upstream = upstream(model, images(came));
        relay.priceOfCall(model, usd).start();
        String ask = "{\"model\":\"" + model + "\",\"prompt\":\"a cat\"" + (fields == null ? "" : fields) + "}";

        RawClient.Reply reply = post(PATH, ask);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(images(came));
        assertThat(upstream.bodies()).containsExactly(ask);
        assertThat(upstream.heads().get(0)).startsWith("POST /v1/images/generations HTTP/1.1");
        relay.finish();
        assertThat(relay.charges()).containsExactly(charged);
    }

    @Test
    void withoutAModelAreDallEAndTheProviderIsToldSo() {
        ScriptedUpstream upstream = upstream("dall-e", images(1));
        relay.priceOfCall("dall-e", "0.02").start();

        assertThat(post(PATH, "{\"prompt\":\"a cat\"}").status()).isEqualTo(200);

        assertThat(upstream.bodies()).containsExactly("{\"model\":\"dall-e\",\"prompt\":\"a cat\"}");
        relay.finish();
        // 0.02 USD
        assertThat(relay.charges()).containsExactly(10_000L);
    }

    @Test
    void pricedByTokensAreChargedForWhatTheProviderCounted() {
        String answer = "{\"created\":1,\"data\":[" + IMAGE + "],\"usage\":{\"total_tokens\":1106,\"input_tokens\":50,"
                + "\"output_tokens\":1056,\"input_tokens_details\":{\"text_tokens\":10,\"image_tokens\":40}}}";
        upstream("painter", answer);
        relay.ratio("painter", "2.5")
                .pricing(book -> book.withImageRatios(Map.of("painter", Ratio.of(2)))
                        .withCompletionRatios(Map.of("painter", Ratio.of(8))))
                .start();

        assertThat(post(PATH, "{\"model\":\"painter\",\"prompt\":\"a cat\",\"n\":2}")
                        .status())
                .isEqualTo(200);

        relay.finish();
        // (10 plain + 40 of images at 2 + 1056 written at 8) x 2.5 = (10 + 80 + 8448) x 2.5 = 21345
        assertThat(relay.charges()).containsExactly(21_345L);
        assertThat(relay.log().other()).doesNotContain("local_count_tokens");
    }

    @Test
    void pricedByTokensThatNobodyCountedAreTakenAtTheirUsualSize() {
        upstream("painter", images(2));
        relay.ratio("painter", "2").start();

        assertThat(post(PATH, "{\"model\":\"painter\",\"prompt\":\"cat\",\"n\":2}")
                        .status())
                .isEqualTo(200);

        relay.finish();
        // the prompt: "cat" and the end of the line, 1.02 + 0.5, so 2 units; 1584 for each of two images; all at 2
        assertThat(relay.charges()).containsExactly((2L + 2 * 1584) * 2);
        assertThat(relay.log().other()).contains("\"local_count_tokens\":true", "\"image_count\":2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"created\":1,\"data\":[]}",
                "{\"created\":1,\"data\":[{\"error\":{\"code\":\"Sensitive\",\"message\":\"no\"}}]}",
                "{\"error\":{\"message\":\"no\"}}"
            })
    void ofWhichNoneCameCostNothing(String answer) {
        upstream("dall-e-3", answer);
        relay.priceOfCall("dall-e-3", "0.04").start();

        assertThat(post(PATH, "{\"model\":\"dall-e-3\",\"prompt\":\"a cat\"}").status())
                .isEqualTo(502);

        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"dall-e-2\",\"size\":\"1792x1024\"} | size",
                "{\"model\":\"dall-e-3\",\"size\":\"256x256\"} | size",
                "{\"model\":\"m\",\"size\":\"1024×1024\"} | size",
                "{\"model\":\"m\",\"n\":129} | n",
                "{\"model\":\"m\",\"n\":-1} | n",
                "{\"model\":\"m\",\"n\":1.5} | n",
                "{\"model\":\"m\",\"n\":1,\"n\":2} | n",
                "{\"model\":\"m\",\"quality\":1} | quality",
                "{\"model\":\"m\",\"Size\":\"1024x1024\"} | size"
            })
    void thatNobodyMakesAreRefused(String body, String field) {
        relay.start();

        RawClient.Reply reply = post(PATH, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("\"param\":\"" + field + "\"");
        relay.finish();
    }

    @Test
    void aPriceThatIsNotCoveredIsRefusedBeforeAnybodyIsAsked() {
        ScriptedUpstream upstream = upstream("dall-e-3", images(1));
        // 100 USD each, 128 of them: 6.4 thousand million units
        relay.priceOfCall("dall-e-3", "100").start();

        RawClient.Reply reply = post(PATH, "{\"model\":\"dall-e-3\",\"prompt\":\"a cat\",\"n\":128}");

        assertThat(reply.status()).isEqualTo(403);
        assertThat(upstream.heads()).isEmpty();
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    // ---- streamed

    @Test
    void streamedPassAsTheyComeAlsoWhenAnEventIsTooLongToBeReadAsAWhole() {
        String partial = event("image_generation.partial_image", "\"b64_json\":\"" + "A".repeat(300_000) + "\"");
        String completed = event(
                "image_generation.completed",
                "\"b64_json\":\"" + "B".repeat(400_000)
                        + "\",\"usage\":{\"total_tokens\":150,\"input_tokens\":50,\"output_tokens\":100,"
                        + "\"input_tokens_details\":{\"text_tokens\":50,\"image_tokens\":0}}");
        ScriptedUpstream upstream = ScriptedUpstream.start(
                relay.vertx,
                reply -> reply.streamHead().chunk(partial).chunk(completed).end());
        relay.channel(upstream.url(), made -> made.models(List.of("painter")))
                .ratio("painter", "1")
                .pricing(book -> book.withCompletionRatios(Map.of("painter", Ratio.of(4))))
                .start();

        RawClient.Reply reply = post(PATH, "{\"model\":\"painter\",\"prompt\":\"a cat\",\"stream\":true}");

        assertThat(reply.body()).isEqualTo(partial + completed);
        relay.finish();
        // 50 + 100 x 4
        assertThat(relay.charges()).containsExactly(450L);
        assertThat(relay.log().other()).doesNotContain("local_count_tokens");
    }

    @Test
    void streamedAtAPriceForEachAreChargedAsManyAsCame() {
        String completed = event("image_generation.completed", "\"b64_json\":\"QQ==\"");
        ScriptedUpstream upstream = ScriptedUpstream.start(
                relay.vertx,
                reply -> reply.streamHead().chunk(completed).chunk(completed).end());
        relay.channel(upstream.url(), made -> made.models(List.of("painter")))
                .priceOfCall("painter", "0.01")
                .start();

        post(PATH, "{\"model\":\"painter\",\"prompt\":\"a cat\",\"stream\":true,\"n\":3}");

        relay.finish();
        // 0.01 x 2 images
        assertThat(relay.charges()).containsExactly(10_000L);
    }

    private static String event(String type, String fields) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
    }

    // ---- edits

    @Test
    void changedOnesComeAsAFormWhoseBytesPassUnchanged() {
        ScriptedUpstream upstream = upstream("dall-e-2", images(2));
        relay.priceOfCall("dall-e-2", "0.02").start();
        String form = Form.of("model", "dall-e-2")
                .field("prompt", "a hat")
                .field("n", "2")
                .field("size", "512x512")
                .file("image", "cat.png", "\u0001\r\n--not the boundary\r\nbytes")
                .text();

        RawClient.Reply reply = Form.post(relay, EDITS, form);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(upstream.bodies()).containsExactly(form);
        assertThat(upstream.heads().get(0))
                .startsWith("POST /v1/images/edits HTTP/1.1")
                .contains("multipart/form-data; boundary=" + Form.BOUNDARY);
        relay.finish();
        // 0.02 x 0.45 x 2 images
        assertThat(relay.charges()).containsExactly(9_000L);
    }

    @Test
    void changedOnesMayComeAsJsonToo() {
        ScriptedUpstream upstream = upstream("painter", images(1));
        relay.priceOfCall("painter", "0.02").start();
        String ask =
                "{\"model\":\"painter\",\"prompt\":\"a hat\",\"images\":[{\"image_url\":\"https://example.org/cat\"}]}";

        assertThat(post(EDITS, ask).status()).isEqualTo(200);

        assertThat(upstream.bodies()).containsExactly(ask);
        relay.finish();
        assertThat(relay.charges()).containsExactly(10_000L);
    }
}
