package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.pricing.Ratio;
import io.newapi.server.log.ConsumeLogEntry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Live connections. The model costs 1 for a text unit heard, 2 spoken; 10 for sound heard, 40 spoken. */
class RealtimeTest {

    private static final Map<String, String> KEY = Map.of("Authorization", "Bearer sk-" + RelayHarness.KEY);
    private static final String ASK = "{\"type\":\"response.create\"}";

    private RelayHarness relay = priced(new RelayHarness());

    private static RelayHarness priced(RelayHarness harness) {
        return harness.pricing(book -> book.withAudioRatios(Map.of(Chat.MODEL, Ratio.of(10)))
                .withAudioCompletionRatios(Map.of(Chat.MODEL, Ratio.of(4))));
    }

    @AfterEach
    void close() {
        relay.close();
    }

    private LiveClient connect() {
        return LiveClient.connect(relay.vertx, relay.port(), Chat.MODEL);
    }

    private LiveUpstream upstream() {
        return LiveUpstream.start(relay.vertx);
    }

    private JsonObject other() {
        return new JsonObject(relay.log().other());
    }

    @Test
    void aTurnIsChargedToTheUnit() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();
        assertThat(client.hears()).isEqualTo(LiveUpstream.GREETING);
        client.says(ASK);
        assertThat(provider.hears()).isEqualTo(ASK);
        provider.turn(100, 7, 20, 3);
        assertThat(client.hears()).contains("response.created");
        assertThat(client.hears()).isEqualTo(LiveUpstream.Connection.done(100, 7, 20, 3));
        client.closes();
        provider.awaitClosed();

        relay.finish();
        assertThat(relay.charges()).containsExactly(100 + 7 * 10 + 20 * 2 + 3 * 40L);
        ConsumeLogEntry log = relay.log();
        assertThat(log.promptTokens()).isEqualTo(107);
        assertThat(log.completionTokens()).isEqualTo(23);
        assertThat(log.content()).isEmpty();
        assertThat(other().getMap())
                .containsEntry("ws", true)
                .containsEntry("text_input", 100)
                .containsEntry("audio_input", 7)
                .containsEntry("text_output", 20)
                .containsEntry("audio_output", 3)
                .containsEntry("audio_ratio", 10)
                .containsEntry("audio_completion_ratio", 4)
                .containsEntry("request_path", "/v1/realtime");
    }

    @Test
    void turnsAreSummedAndRoundedOnce() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).ratio(Chat.MODEL, "0.4").start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();
        provider.turn(1, 0, 0, 0).turn(1, 0, 0, 0).turn(1, 0, 0, 0);
        for (int message = 0; message < 7; message++) {
            client.hears();
        }
        client.closes();

        relay.finish();
        // each alone would cost 1, the least that a call costs
        assertThat(relay.charges()).containsExactly(1L);
        assertThat(relay.log().promptTokens()).isEqualTo(3);
    }

    @Test
    void twoTurnsAreOneCharge() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();
        provider.turn(2000, 0, 10, 0).turn(3000, 100, 0, 1);
        for (int message = 0; message < 5; message++) {
            client.hears();
        }
        client.closes();

        relay.finish();
        assertThat(relay.charges()).containsExactly(2000 + 20 + 3000 + 1000 + 40L);
    }

    @Test
    void aConnectionOfAModelWithAPriceCostsThatOnce() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).priceOfCall(Chat.MODEL, "0.01").start();

        LiveClient client = connect();
        upstream.next().turn(2000, 0, 10, 0).turn(3000, 100, 0, 1);
        for (int message = 0; message < 5; message++) {
            client.hears();
        }
        client.closes();

        relay.finish();
        assertThat(relay.charges()).containsExactly(5000L);
    }

    @Test
    void aConnectionOnWhichNothingWasUsedIsFree() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        client.hears();
        client.says("{\"type\":\"session.update\",\"session\":{\"instructions\":\"Be brief and kind\"}}");
        LiveUpstream.Connection provider = upstream.next();
        provider.hears();
        provider.turn(0, 0, 0, 0);
        client.hears();
        client.hears();
        client.closes();

        relay.finish();
        assertThat(relay.charges()).containsExactly(0L);
    }

    @Test
    void aTurnWithoutUsageIsCounted() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();
        client.hears();
        String sound = Base64.getEncoder().encodeToString(new byte[17_280]);
        client.says("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + sound + "\"}");
        provider.hears();
        provider.says("{\"type\":\"response.created\"}")
                .says("{\"type\":\"response.audio.delta\",\"delta\":\"" + sound + "\"}")
                .says("{\"type\":\"response.done\",\"response\":{\"usage\":null}}");
        client.hears();
        client.hears();
        client.hears();
        client.closes();

        relay.finish();
        // 17280 bytes are 10 units heard, and 5 spoken
        assertThat(relay.charges()).containsExactly(10 * 10 + 5 * 40L);
        assertThat(other().getJsonObject("admin_info").getMap()).containsEntry("local_count_tokens", true);
    }

    @Test
    void theModelIsMappedInTheQuery() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url(), Map.of(Chat.MODEL, "other model"), Map.of())
                .start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();

        assertThat(provider.uri()).isEqualTo("/v1/realtime?model=other%20model");
        assertThat(provider.header("Authorization")).isEqualTo("Bearer " + RelayHarness.CHANNEL_KEY);
        assertThat(provider.header("OpenAI-Beta")).isNull();
        provider.turn(1, 0, 0, 0);
        client.hears();
        client.hears();
        client.hears();
        client.closes();
        relay.finish();
        assertThat(other().getMap()).containsEntry("upstream_model_name", "other model");
    }

    @Test
    void aKeyAmongTheSubProtocolsIsTakenAndNotPassedOn() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = LiveClient.connect(
                relay.vertx,
                relay.port(),
                Chat.MODEL,
                Map.of(),
                List.of("realtime", "openai-insecure-api-key.sk-" + RelayHarness.KEY, "openai-beta.realtime-v1"));
        LiveUpstream.Connection provider = upstream.next();

        assertThat(client.protocol()).isEqualTo("realtime");
        assertThat(provider.header("Sec-WebSocket-Protocol")).isNull();
        assertThat(provider.header("Authorization")).isEqualTo("Bearer " + RelayHarness.CHANNEL_KEY);
        assertThat(provider.header("OpenAI-Beta")).isEqualTo("realtime=v1");
        client.closes();
        relay.finish();
    }

    @Test
    void headersOfTheChannelAreSent() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url())
                .shape("", "{\"X-Own\":\"1\",\"Sec-WebSocket-Protocol\":\"x\"}", "")
                .start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();

        assertThat(provider.header("X-Own")).isEqualTo("1");
        assertThat(provider.header("Sec-WebSocket-Protocol")).isNull();
        client.closes();
        relay.finish();
    }

    @Test
    void aChannelBehindAProxyIsDialledThroughIt() {
        LiveUpstream upstream = upstream();
        int there = Integer.parseInt(upstream.url().substring(upstream.url().lastIndexOf(':') + 1));
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        NetServer proxy = relay.vertx
                .createNetServer()
                .connectHandler(client -> client.handler(head -> {
                    asked.add(head.toString());
                    client.pause();
                    relay.vertx.createNetClient().connect(there, "127.0.0.1").onSuccess(opened -> {
                        opened.handler(client::write);
                        client.handler(opened::write);
                        client.write("HTTP/1.1 200 OK\r\n\r\n");
                        client.resume();
                    });
                }));
        RelayHarness.await(proxy.listen(0, "127.0.0.1"));
        relay.channel("http://provider.invalid:8080")
                .shape("", "", "{\"proxy\":\"http://ada:lovelace@127.0.0.1:" + proxy.actualPort() + "\"}")
                .start();

        LiveClient client = connect();

        assertThat(client.hears()).isEqualTo(LiveUpstream.GREETING);
        assertThat(LiveUpstream.Connection.taken(asked, "the proxy was not asked"))
                .startsWith("CONNECT provider.invalid:8080 ")
                .containsIgnoringCase("proxy-authorization: Basic ");
        client.closes();
        relay.finish();
    }

    @Test
    void azureIsDialledAtItsDeployment() {
        LiveUpstream upstream = upstream();
        relay.channel(
                        upstream.url(),
                        made -> made.type(3).typeDetail("2025-01-01").modelMapping(Map.of(Chat.MODEL, "my-live")))
                .start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();

        assertThat(provider.uri()).isEqualTo("/openai/realtime?deployment=my-live&api-version=2025-01-01");
        assertThat(provider.header("api-key")).isEqualTo(RelayHarness.CHANNEL_KEY);
        assertThat(provider.header("Authorization")).isNull();
        client.closes();
        relay.finish();
    }

    @Test
    void aRefusedUpgradeGoesToAnotherChannel() {
        LiveUpstream bad = LiveUpstream.refusing(relay.vertx, 503, "{\"error\":{\"message\":\"full\"}}");
        LiveUpstream good = upstream();
        relay.channel(bad.url()).channel(good.url()).retries(1).start();

        LiveClient client = connect();
        good.next().turn(5, 0, 0, 0);
        client.hears();
        client.hears();
        client.hears();
        client.closes();

        relay.finish();
        assertThat(bad.calls()).isEqualTo(1);
        assertThat(relay.charges()).containsExactly(5L);
        assertThat(relay.log().channelId()).isEqualTo(2);
        assertThat(other().getJsonObject("admin_info").getJsonArray("use_channel"))
                .containsExactly("1", "2");
    }

    @Test
    void anErrorInsteadOfAGreetingGoesToAnotherChannelAndDisablesTheKey() {
        LiveUpstream bad = LiveUpstream.start(
                relay.vertx,
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\","
                        + "\"message\":\"Incorrect API key provided\"}}");
        LiveUpstream good = upstream();
        relay.channel(bad.url(), made -> made.autoBan(true))
                .channel(good.url())
                .retries(1)
                .option("AutomaticDisableChannelEnabled", "true")
                .start();

        for (int call = 0; call < 3; call++) {
            LiveClient client = connect();
            bad.next().awaitClosed();
            good.next();
            assertThat(client.hears()).isEqualTo(LiveUpstream.GREETING);
            client.closes();
        }

        relay.finish();
        assertThat(relay.disabled).hasSize(1).allMatch(line -> line.startsWith("1 "));
    }

    @Test
    void aRefusalNamesNeitherKeyNorAddress() {
        LiveUpstream bad = LiveUpstream.refusing(
                relay.vertx,
                401,
                "{\"error\":{\"message\":\"key " + RelayHarness.CHANNEL_KEY + " is unknown at 127.0.0.1\"}}");
        relay.channel(bad.url()).start();

        LiveClient.Refused refused = LiveClient.refused(relay.vertx, relay.port(), Chat.MODEL, KEY);

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body()).contains("is unknown").doesNotContain(RelayHarness.CHANNEL_KEY, "127.0.0.1");
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void whoIsUnknownOrNamesNoModelIsRefusedBeforeAnyoneIsAsked() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        assertThat(LiveClient.refused(relay.vertx, relay.port(), Chat.MODEL, Map.of())
                        .status())
                .isEqualTo(401);
        assertThat(LiveClient.refused(relay.vertx, relay.port(), "", KEY).status())
                .isEqualTo(400);
        assertThat(LiveClient.refused(relay.vertx, relay.port(), "unknown-model", KEY)
                        .status())
                .isEqualTo(503);
        assertThat(upstream.calls()).isZero();
        relay.finish();
    }

    @Test
    void whatIsNoWebSocketIsToldSo() {
        relay.channel(upstream().url()).start();

        try (RawClient client = relay.connect()) {
            RawClient.Reply reply = client.send("GET /v1/realtime?model=" + Chat.MODEL
                            + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-" + RelayHarness.KEY + "\r\n\r\n")
                    .reply();

            assertThat(reply.status()).isEqualTo(426);
            assertThat(reply.body()).contains("upgrade_required");
        }
        relay.finish();
    }

    @Test
    void aProviderThatDoesNotGreetIsTakenAtItsSilence() {
        LiveUpstream upstream = LiveUpstream.start(relay.vertx, "");
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        client.says(ASK);

        assertThat(upstream.next().hears()).isEqualTo(ASK);
        client.closes();
        relay.finish();
    }

    @Test
    void anUpstreamThatIsCutInATurnIsToldAndWhatWasSaidIsCharged() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();
        client.hears();
        provider.turn(100, 0, 0, 0)
                .says("{\"type\":\"response.created\"}")
                .says("{\"type\":\"response.text.delta\",\"delta\":\"one two three\"}");
        for (int message = 0; message < 4; message++) {
            client.hears();
        }
        provider.cut();

        assertThat(client.hearsError().getString("code")).isEqualTo("upstream_closed");
        assertThat(client.closed()).isEqualTo(1011);
        relay.finish();
        assertThat(relay.charges()).hasSize(1).allMatch(units -> units > 100);
        assertThat(relay.log().content()).isEqualTo("the upstream ended the connection");
        assertThat(other().getMap()).containsEntry("text_input", 100);
    }

    @Test
    void anUpstreamThatClosesPolitelyIsPassedOn() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        client.hears();
        LiveUpstream.Connection provider = upstream.next();
        provider.turn(100, 0, 0, 0).closes(1000, "bye");
        client.hears();
        client.hears();

        assertThat(client.closed()).isEqualTo(1000);
        relay.finish();
        assertThat(relay.charges()).containsExactly(100L);
    }

    @Test
    void anUpstreamThatClosesWithACodeOfItsOwnIsPassedOnWithAnError() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        client.hears();
        upstream.next().closes(4001, "no more");

        assertThat(client.hearsError().getString("code")).isEqualTo("upstream_closed");
        assertThat(client.closed()).isEqualTo(4001);
        relay.finish();
    }

    @Test
    void aClientThatLeavesInATurnPaysWhatWasDelivered() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();
        client.hears();
        String sound = Base64.getEncoder().encodeToString(new byte[3456 * 2]);
        provider.says("{\"type\":\"response.created\"}")
                .says("{\"type\":\"response.output_audio.delta\",\"delta\":\"" + sound + "\"}");
        client.hears();
        client.hears();
        RealtimeSockets.cut(client.socket());
        provider.awaitClosed();

        relay.finish();
        assertThat(relay.charges()).containsExactly(2 * 40L);
        assertThat(relay.log().content()).isEqualTo("the client went away");
    }

    @Test
    void aTurnIsReadToItsUsageForAClientThatHasLeftIfThatIsWanted() {
        relay.close();
        relay = priced(new RelayHarness(RelayHarness.draining(Duration.ofSeconds(30), 10)));
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();
        client.hears();
        provider.says("{\"type\":\"response.created\"}");
        client.hears();
        client.closes();
        client.closed();
        provider.says(LiveUpstream.Connection.done(10, 0, 1, 0));
        provider.awaitClosed();

        relay.finish();
        assertThat(relay.charges()).containsExactly(12L);
    }

    @Test
    void whoHasNoQuotaForAnotherTurnIsStoppedBeforeIt() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();
        client.hears();
        provider.turn(RelayHarness.CREDIT * 2 / 3, 0, 0, 0);
        client.hears();
        client.hears();

        assertThat(client.hearsError().getString("code")).isEqualTo("insufficient_user_quota");
        assertThat(client.closed()).isEqualTo(1008);
        provider.awaitClosed();
        relay.finish();
        assertThat(relay.charges()).containsExactly(RelayHarness.CREDIT * 2 / 3);
    }

    @Test
    void aConnectionOnWhichNobodySpeaksIsEnded() {
        relay.close();
        relay = priced(new RelayHarness(RelayHarness.silence(Duration.ofSeconds(30), Duration.ofMillis(50))));
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        client.hears();

        assertThat(client.hearsError().getString("code")).isEqualTo("idle_timeout");
        assertThat(client.closed()).isEqualTo(1001);
        upstream.next().awaitClosed();
        relay.finish();
    }

    @Test
    void aMessageThatIsTooLargeEndsTheConnection() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        client.hears();
        client.socket()
                .writeFrame(WebSocketFrame.binaryFrame(
                        Buffer.buffer(new byte[RealtimeSockets.MAX_MESSAGE_BYTES + 1]), true));

        assertThat(client.hearsError().getString("code")).isEqualTo("message_too_large");
        assertThat(client.closed()).isEqualTo(1009);
        upstream.next().awaitClosed();
        relay.finish();
    }

    @Test
    void aMessageThatIsTooLargeInPiecesDoesToo() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        client.hears();
        Buffer half = Buffer.buffer(new byte[RealtimeSockets.MAX_MESSAGE_BYTES / 2 + 1]);
        client.socket().writeFrame(WebSocketFrame.binaryFrame(half, false));
        client.socket().writeFrame(WebSocketFrame.continuationFrame(half, true));

        assertThat(client.hearsError().getString("code")).isEqualTo("message_too_large");
        upstream.next().awaitClosed();
        relay.finish();
    }

    @Test
    void whoSendsAPieceThatIsFarTooLargeIsCutOff() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        client.hears();
        client.socket()
                .writeFrame(WebSocketFrame.binaryFrame(
                        Buffer.buffer(new byte[2 * RealtimeSockets.MAX_MESSAGE_BYTES + 1]), true));

        upstream.next().awaitClosed();
        assertThat(client.closed()).isEqualTo(RealtimePeer.NOT_CLOSED);
        relay.finish();
    }

    @Test
    void bytesAndMessagesInPiecesPassBothWays() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();
        client.hears();
        client.says(Buffer.buffer("raw"));
        client.socket().writeFrame(WebSocketFrame.textFrame("no ", false));
        client.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("JSON é"), true));
        assertThat(provider.hears()).isEqualTo("bytes raw");
        assertThat(provider.hears()).isEqualTo("no JSON é");
        provider.socket().writeBinaryMessage(Buffer.buffer("too"));
        assertThat(client.hears()).isEqualTo("bytes too");
        client.closes();
        relay.finish();
    }

    @Test
    void aSlowReaderHoldsTheOtherSideUpAndLosesNothing() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();
        client.hears();
        provider.socket().pause();
        String large = "x".repeat(1024 * 1024);
        for (int message = 0; message < 20; message++) {
            client.says(message + large);
        }
        client.says("last");
        provider.socket().resume();
        for (int message = 0; message < 20; message++) {
            assertThat(provider.hears()).startsWith(message + "x");
        }
        assertThat(provider.hears()).isEqualTo("last");
        client.closes();
        relay.finish();
    }

    @Test
    void anErrorOfTheProviderPassesWithoutItsKey() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();
        client.hears();
        String error = "{\"type\":\"error\",\"error\":{\"message\":\"odd\"}}";
        provider.says(error).says(error.replace("odd", "the key " + RelayHarness.CHANNEL_KEY));

        assertThat(client.hears()).isEqualTo(error);
        assertThat(client.hears()).isEqualTo(error.replace("odd", "the key ***"));
        client.closes();
        relay.finish();
    }

    @Test
    void aNodeThatStopsSaysSo() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url()).start();

        LiveClient client = connect();
        client.hears();
        upstream.next().turn(5, 0, 0, 0);
        client.hears();
        client.hears();
        relay.inFlight().drain();
        assertThat(relay.inFlight().dismiss()).isTrue();

        assertThat(client.hearsError().getString("code")).isEqualTo("shutting_down");
        assertThat(client.closed()).isEqualTo(1001);
        relay.finish();
        assertThat(relay.charges()).containsExactly(5L);
    }

    @Test
    void whoGivesNoSignOfLifeIsCutOff() {
        LiveUpstream upstream = upstream();
        relay.channel(upstream.url())
                .option("general_setting.ping_interval_enabled", "true")
                .option("general_setting.ping_interval_seconds", "1")
                .start();

        LiveClient client = connect();
        LiveUpstream.Connection provider = upstream.next();
        client.hears();
        // its end of the connection is read no more, so that pings are not answered
        provider.socket().pause();
        for (int message = 0; message < 40; message++) {
            client.says("y".repeat(64 * 1024));
        }

        assertThat(client.hearsError().getString("code")).isEqualTo("upstream_timeout");
        assertThat(client.closed()).isEqualTo(1011);
        relay.finish();
    }
}
