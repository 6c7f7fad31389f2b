package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.Payer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of whoever is logged in on the console. */
class PlaygroundTest {

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private ScriptedUpstream upstream() {
        return ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 10, 4)));
    }

    private RawClient.Reply play(String body, String header) {
        try (RawClient client = relay.connect()) {
            return client.send("POST /pg/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            + header + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .reply();
        }
    }

    private static String inGroup(Object group) {
        return new JsonObject(Chat.request(false)).put("group", group).encode();
    }

    @Test
    void theUserAlonePays() {
        ScriptedUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        RawClient.Reply reply = play(inGroup("default"), "Cookie: login");

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(upstream.bodies()).containsExactly(Chat.request(false));
        relay.finish();
        assertThat(relay.charges()).containsExactly(10 + 2 * 4L);
        assertThat(relay.payer()).isEqualTo(Payer.user(1));
        assertThat(relay.log().tokenId()).isZero();
        assertThat(relay.log().tokenName()).isEqualTo("playground-default");
        assertThat(relay.log().group()).isEqualTo("default");
    }

    @Test
    void withoutAGroupTheBodyIsSentAsItIs() {
        ScriptedUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        assertThat(play(Chat.request(false), "Cookie: login").status()).isEqualTo(200);

        assertThat(upstream.bodies()).containsExactly(Chat.request(false));
        relay.finish();
        assertThat(relay.log().tokenName()).isEqualTo("playground");
    }

    @Test
    void aGroupThatTheUserMayNotUseIsRefused() {
        relay.channel(upstream().url()).start();

        RawClient.Reply reply = play(inGroup("vip"), "Cookie: login");

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).contains("you may not use the group");
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void whoIsNotLoggedInIsRefused() {
        relay.channel(upstream().url()).start();

        assertThat(play(Chat.request(false), "X: y").status()).isEqualTo(401);
        RawClient.Reply withKey = play(Chat.request(false), "Authorization: Bearer sk-" + RelayHarness.KEY);
        assertThat(withKey.status()).isEqualTo(403);
        assertThat(withKey.body()).contains("access_denied");
        relay.finish();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"group\":7}", "{\"group\":\"default\"}"})
    void whatIsNoChatIsRefused(String body) {
        relay.channel(upstream().url()).start();

        assertThat(play(body, "Cookie: login").status()).isEqualTo(400);
        relay.finish();
    }
}
