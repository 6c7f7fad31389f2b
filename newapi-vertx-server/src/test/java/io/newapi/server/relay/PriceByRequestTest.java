package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Prices by expressions that ask for what stands in the request. The upstream counts 10 tokens in and 20 out. */
class PriceByRequestTest {

    private static final String TWICE_WHEN_FAST = "(p + c) * (param('pace') == 'fast' ? 4 : 2)";

    private RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private RelayHarness priced(String expression) {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 10, 20)));
        return relay.channel(upstream.url()).price(expression).start();
    }

    private static String request(String field, Object value) {
        return new JsonObject(Chat.request(false)).put(field, value).encode();
    }

    @Test
    void aFieldOfTheBodyDecidesAboutThePrice() {
        priced(TWICE_WHEN_FAST);

        relay.chat(request("pace", "fast"));
        relay.chat(request("pace", "slow"));
        relay.chat(Chat.request(false));

        relay.finish();
        assertThat(relay.charges()).containsExactly(60L, 30L, 30L);
    }

    @Test
    void aHeaderDecidesAboutThePrice() {
        priced("(p + c) * (has(header('X-TIER'), 'gold') ? 1 : 2)");

        try (RawClient client = relay.connect()) {
            client.post("/v1/chat/completions", Chat.request(false), "x-tier: gold, old")
                    .reply();
        }
        relay.chat(Chat.request(false));

        relay.finish();
        assertThat(relay.charges()).containsExactly(15L, 30L);
    }

    @Test
    void whatIsHeldFollowsTheRequestToo() {
        priced("param('pace') == 'fast' ? 1000000000000 : p * 2");

        RawClient.Reply refused = relay.chat(request("pace", "fast"));

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("insufficient_user_quota");
        assertThat(relay.chat(Chat.request(false)).status()).isEqualTo(200);
        relay.finish();
    }

    @Test
    void aRequestForWhichTheExpressionHasNoValueIsRefusedAndToldWhy() {
        priced("p / param('divisor')");

        RawClient.Reply refused = relay.chat(request("divisor", 0));

        assertThat(refused.status()).isEqualTo(400);
        JsonObject error = new JsonObject(refused.body()).getJsonObject("error");
        assertThat(error.getString("code")).isEqualTo("model_price_error");
        assertThat(error.getString("message")).contains(Chat.MODEL, "at character");
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void aFieldThatDecidesAndStandsTwiceIsRefused() {
        priced(TWICE_WHEN_FAST);
        String twice = Chat.request(false).replaceFirst("\\{", "{\"pace\":\"slow\",\"pace\":\"fast\",");

        RawClient.Reply refused = relay.chat(twice);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("model_price_error", "pace stands in the body twice");
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void aLargeRequestIsAskedLikeASmallOne() {
        relay.close();
        relay = new RelayHarness(RelayHarness.large(32 * 1024 * 1024, Duration.ofSeconds(30)));
        priced(TWICE_WHEN_FAST);

        relay.chat(request("pace", "fast").replace("Say hello", "word ".repeat(RelaySettings.LARGE_BYTES / 4)));

        relay.finish();
        assertThat(relay.charges()).containsExactly(60L);
    }
}
