package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.access.ModelLimits;
import io.newapi.core.access.Role;
import io.newapi.core.channel.ChannelKeys;
import io.newapi.core.channel.ChannelSwitch;
import io.newapi.core.channel.KeyMode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers in one piece, refusals, retries, and everything around a call. */
class RelayTest {

    private static final String REQUEST = Chat.request(false);
    private static final long PROMPT = Chat.estimatedPrompt(REQUEST);

    private RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private void use(RelaySettings settings) {
        relay.close();
        relay = new RelayHarness(settings);
    }

    private ScriptedUpstream upstream() {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx);
        relay.channel(upstream.url());
        return upstream;
    }

    private RelayHarness answering(int status, String body, String... headers) {
        relay.channel(ScriptedUpstream.start(relay.vertx, reply -> reply.json(status, body, headers))
                .url());
        return relay;
    }

    private static JsonObject error(RawClient.Reply reply) {
        return new JsonObject(reply.body()).getJsonObject("error");
    }

    // ---- whole answers ----

    @Test
    void aWholeAnswerIsPassedOnByteForByteAndChargedByItsUsage() {
        String completion =
                "{ \"odd\" : 1.50,\n" + Chat.completion("Hello", 11, 5).substring(1);
        answering(200, completion).start();

        RawClient.Reply reply = relay.chat(REQUEST);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(completion);
        relay.finish();
        assertThat(relay.charges()).containsExactly(11L + 2 * 5);
    }

    @Test
    void theRequestReachesTheUpstreamUnchangedButForTheModel() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 1, 1)));
        relay.channel(upstream.url(), Map.of(Chat.MODEL, "real-name"), Map.of()).start();
        String request = "{\"messages\" : [{\"role\":\"user\",\"content\":\"h\\u00e9 é\"}], \"model\":\"" + Chat.MODEL
                + "\", \"seed\": 1.0e1}";

        relay.chat(request);

        assertThat(upstream.bodies()).containsExactly(request.replace(Chat.MODEL, "real-name"));
        assertThat(upstream.heads().get(0)).contains("Authorization: Bearer " + RelayHarness.CHANNEL_KEY);
        relay.finish();
        assertThat(relay.log().modelName()).isEqualTo(Chat.MODEL);
        assertThat(relay.log().other()).contains("\"upstream_model_name\":\"real-name\"");
    }

    @Test
    void theClientsOwnHeadersStayHere() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 1, 1)));
        relay.channel(upstream.url()).start();

        try (RawClient client = relay.connect()) {
            client.post("/v1/chat/completions", REQUEST, "Cookie: a=b", "X-Forwarded-For: 1.2.3.4")
                    .reply();
        }

        assertThat(upstream.heads().get(0)).doesNotContain("a=b", "1.2.3.4", RelayHarness.KEY);
        relay.finish();
    }

    @Test
    void anAnswerWithoutUsageIsEstimated() {
        String completion = "{\"choices\":[{\"message\":{\"content\":\"Hello world\"}}],\"usage\":{}}";
        answering(200, completion).start();

        relay.chat(REQUEST);

        relay.finish();
        assertThat(relay.charges().get(0)).isGreaterThan(PROMPT);
        assertThat(relay.log().other()).contains("\"local_count_tokens\":true");
    }

    @ParameterizedTest
    @CsvSource({"text/html, <html>busy</html>", "application/json, [1]", "application/json, '{\"choices\":[{'"})
    void anAnswerThatIsNoJsonObjectIsAnErrorAndCostsNothing(String type, String body) {
        ScriptedUpstream second = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, "{}"));
        relay.channel(ScriptedUpstream.start(relay.vertx, reply -> reply.whole(200, type, body))
                        .url())
                .channel(second.url())
                .retries(1)
                .start();

        RawClient.Reply reply = relay.chat(REQUEST);

        assertThat(reply.status()).isEqualTo(502);
        assertThat(error(reply).getString("code")).isEqualTo("bad_response_body");
        assertThat(reply.body()).doesNotContain("busy");
        assertThat(second.calls()).isZero();
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void aCompressedAnswerThatNobodyAskedForIsAnError() {
        answering(200, "{}", "Content-Encoding: gzip").start();

        assertThat(error(relay.chat(REQUEST)).getString("message")).contains("compressed");
        relay.finish();
    }

    @Test
    void anAnswerThatIsTooLargeIsCutAndCostsNothing() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            ScriptedUpstream.Reply answer = upstream.next();
            answer.raw("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + " ".repeat(1024 * 1024 + 1));
            RawClient.Reply reply = client.reply();

            assertThat(reply.status()).isEqualTo(502);
            assertThat(error(reply).getString("message")).contains("too large");
            answer.awaitCut();
        }
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void largeBodiesAreRelayedLikeSmallOnes() {
        use(RelayHarness.large(32 * 1024 * 1024, Duration.ofSeconds(30)));
        String text = "word ".repeat(400_000);
        answering(200, Chat.completion(text, 11, 5)).start();

        RawClient.Reply reply = relay.chat(Chat.request(false, text));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(Chat.completion(text, 11, 5));
        relay.finish();
        assertThat(relay.charges()).containsExactly(11L + 2 * 5);
    }

    @Test
    void aClientThatDoesNotTakeItsAnswerIsCutOff() {
        use(RelayHarness.large(48 * 1024 * 1024, Duration.ofMillis(1500)));
        answering(200, Chat.completion("word ".repeat(2_400_000), 11, 5)).start();
        try (RawClient client = RawClient.connectSlow(relay.port())) {
            client.chat(REQUEST).awaitText("HTTP/1.1 200");
            relay.finish();

            // what nobody takes is held until the connection is cut
            relay.awaitFreeMemory();
        }
        assertThat(relay.charges()).hasSize(1);
    }

    @Test
    void whatBodiesMayTakeIsBounded() {
        answering(200, Chat.completion("Hi", 1, 1)).start();
        BodyMemory.Share others = relay.memory.share();
        assertThat(others.take(RelayHarness.MEMORY_BYTES - 100)).isTrue();

        RawClient.Reply refused = relay.chat(REQUEST);
        others.close();

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(error(refused).getString("code")).isEqualTo("memory_busy");
        assertThat(relay.chat(REQUEST).status()).isEqualTo(200);
        relay.finish();
    }

    @Test
    void whatAnswersMayTakeIsBoundedAndNoOtherChannelIsTried() {
        use(RelayHarness.large(32 * 1024 * 1024, Duration.ofSeconds(30)));
        ScriptedUpstream first = ScriptedUpstream.start(
                relay.vertx, reply -> reply.json(200, Chat.completion("word ".repeat(100_000), 1, 1)));
        ScriptedUpstream second = ScriptedUpstream.start(relay.vertx);
        relay.channel(first.url()).channel(second.url()).retries(1).start();
        BodyMemory.Share others = relay.memory.share();
        assertThat(others.take(RelayHarness.MEMORY_BYTES - 100_000)).isTrue();

        RawClient.Reply refused = relay.chat(REQUEST);
        others.close();

        assertThat(refused.status()).isEqualTo(503);
        assertThat(second.calls()).isZero();
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void anAnswerThatBreaksOffIsTriedElsewhere() {
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            first.next()
                    .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"cho")
                    .cut();
            second.next().json(200, Chat.completion("Hi", 4, 1));

            assertThat(client.reply().body()).contains("Hi");
        }
        assertThat(List.of(first.calls(), second.calls())).containsExactly(1, 1);
        relay.finish();
        assertThat(relay.charges()).containsExactly(6L);
    }

    @Test
    void absurdUsageChargesWhatWasHeld() {
        String completion = Chat.completion("Hi", 1, 1).replace("\"prompt_tokens\":1", "\"prompt_tokens\":1e999999999");
        answering(200, completion).start();

        relay.chat(REQUEST);

        relay.finish();
        assertThat(relay.charges()).hasSize(1);
    }

    // ---- errors of the upstream ----

    @ParameterizedTest
    @CsvSource({
        "400, 400, 1",
        "401, 401, 2",
        "404, 404, 2",
        "422, 422, 1",
        "429, 429, 2",
        "500, 500, 2",
        "504, 504, 1",
        "307, 502, 2"
    })
    void whatTheUpstreamAnsweredDecidesAboutAnotherAttempt(int upstreamStatus, int status, int attempts) {
        ScriptedUpstream upstream = ScriptedUpstream.start(
                relay.vertx, reply -> reply.json(upstreamStatus, Chat.error("so it is"), "Location: http://x/"));
        relay.channel(upstream.url()).channel(upstream.url()).retries(1).start();

        RawClient.Reply reply = relay.chat(REQUEST);

        assertThat(reply.status()).isEqualTo(status);
        assertThat(error(reply).getString("message")).startsWith("so it is (request id: ");
        assertThat(upstream.calls()).isEqualTo(attempts);
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"422, 2", "500, 1", "504, 1"})
    void theStatusesThatAreTriedAgainCanBeChosen(int upstreamStatus, int attempts) {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(upstreamStatus, Chat.error("so it is")));
        relay.channel(upstream.url())
                .channel(upstream.url())
                .retries(1)
                .retriedStatuses("422,504")
                .start();

        assertThat(relay.chat(REQUEST).status()).isEqualTo(upstreamStatus);
        assertThat(upstream.calls()).isEqualTo(attempts);
        relay.finish();
    }

    @Test
    void aChannelIsNotTriedAgainAtOnce() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(500, Chat.error("so it is")));
        relay.channel(upstream.url()).retries(2).start();
        long start = System.nanoTime();

        assertThat(relay.chat(REQUEST).status()).isEqualTo(500);

        assertThat(upstream.calls()).isEqualTo(3);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
        relay.finish();
    }

    @Test
    void whenTheTimeForAllAttemptsIsOverThereIsNoOther() {
        use(RelayHarness.total(Duration.ofMillis(300)));
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(3).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            first.next();

            assertThat(client.reply().status()).isEqualTo(504);
        }
        assertThat(second.calls()).isZero();
        relay.finish();
    }

    @Test
    void theChannelsMappingOfStatusesComesFirst() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(429, Chat.error("slow down")));
        relay.channel(upstream.url(), Map.of(), Map.of(429, 400))
                .channel(upstream.url())
                .retries(1)
                .start();

        assertThat(relay.chat(REQUEST).status()).isEqualTo(400);
        assertThat(upstream.calls()).isEqualTo(1);
        relay.finish();
    }

    @Test
    void retryAfterIsPassedOn() {
        answering(429, Chat.error("slow down"), "Retry-After: 17").start();

        assertThat(relay.chat(REQUEST).header("retry-after")).isEqualTo("17");
        relay.finish();
    }

    @Test
    void channelsAreTriedInOrderAndEachOnce() {
        ScriptedUpstream first = ScriptedUpstream.start(relay.vertx, reply -> reply.json(500, Chat.error("one")));
        ScriptedUpstream second = ScriptedUpstream.start(relay.vertx, ScriptedUpstream.Reply::cut);
        ScriptedUpstream third =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 4, 1)));
        relay.channel(first.url())
                .channel(second.url())
                .channel(third.url())
                .retries(5)
                .start();

        assertThat(relay.chat(REQUEST).status()).isEqualTo(200);
        assertThat(first.calls()).isEqualTo(1);
        assertThat(second.calls()).isEqualTo(1);
        relay.finish();
        assertThat(relay.log().other()).contains("\"use_channel\":[\"1\",\"2\",\"3\"]");
        assertThat(relay.charges()).containsExactly(6L);
    }

    @Test
    void theLastErrorIsTheOneThatIsTold() {
        ScriptedUpstream first = ScriptedUpstream.start(relay.vertx, reply -> reply.json(500, Chat.error("one")));
        ScriptedUpstream second = ScriptedUpstream.start(relay.vertx, reply -> reply.json(503, Chat.error("two")));
        relay.channel(first.url()).channel(second.url()).retries(1).start();

        RawClient.Reply reply = relay.chat(REQUEST);

        assertThat(reply.status()).isEqualTo(503);
        assertThat(error(reply).getString("message")).startsWith("two");
        relay.finish();
    }

    @Test
    void noErrorNamesTheKeyOrTheAddress() {
        String told = "Incorrect key " + RelayHarness.CHANNEL_KEY + " at http://127.0.0.1:9/v1, 127.0.0.1:9, 10.1.2.3,"
                + " [fe80::1%eth0]:9, api.provider.example.com and sk-abcdefgh****wxyz";
        answering(
                        401,
                        new JsonObject()
                                .put(
                                        "error",
                                        new JsonObject()
                                                .put("message", told)
                                                .put("type", "https://provider.example.com/errors")
                                                .put("code", RelayHarness.CHANNEL_KEY)
                                                .put("param", "127.0.0.1"))
                                .encode())
                .start();

        String body = relay.chat(REQUEST).body();

        assertThat(body)
                .doesNotContain(
                        "127.0.0.1", "10.1.2.3", "fe80", "provider.example", "channel-secret", "abcdefgh", "wxyz");
        relay.finish();
    }

    @Test
    void aKeyThatLooksLikeATokenOrIsCutIsNotToldInPart() {
        String key = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
        String told = "Bearer " + key + " is refused; " + "x".repeat(4000) + key;
        String code = "y".repeat(80) + key;
        String body = new JsonObject()
                .put("error", new JsonObject().put("message", told).put("code", code))
                .encode();
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(401, body));
        relay.channel(upstream.url(), made -> made.keys(ChannelKeys.single(key)))
                .start();

        assertThat(relay.chat(REQUEST).body()).doesNotContain("eyJ", "c2lnbmF0dXJl");
        relay.finish();
    }

    @Test
    void theLogSaysWhichKeyWasUsedAndHowMuchWasThought() {
        ChannelKeys keys = ChannelKeys.multi(
                List.of(new ChannelKeys.Slot(0, "first", false), new ChannelKeys.Slot(7, "second", true)),
                KeyMode.RANDOM);
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 1, 1)));
        relay.channel(upstream.url(), made -> made.keys(keys)).start();

        relay.chat(REQUEST.replace("\"stream\"", "\"reasoning_effort\":\"high\",\"stream\""));

        relay.finish();
        assertThat(relay.log().other())
                .contains("\"reasoning_effort\":\"high\"", "\"is_multi_key\":true,\"multi_key_index\":7");
    }

    @Test
    void aServiceTierIsNotSentUpstream() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 1, 1)));
        relay.channel(upstream.url()).start();

        relay.chat(REQUEST.replace("\"stream\"", "\"service_tier\":\"priority\",\"stream\""));

        assertThat(upstream.bodies()).containsExactly(REQUEST);
        relay.finish();
    }

    @Test
    void aServiceTierThatTheChannelAllowsIsSentUpstream() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 1, 1)));
        relay.channel(upstream.url(), made -> made.switches(Set.of(ChannelSwitch.ALLOW_SERVICE_TIER)))
                .start();
        String request = REQUEST.replace("\"stream\"", "\"service_tier\":\"priority\",\"speed\":1,\"stream\"");

        relay.chat(request);

        assertThat(upstream.bodies()).containsExactly(request.replace("\"speed\":1,", ""));
        relay.finish();
    }

    @Test
    void aChannelThatCannotBearToBeAskedForUsageIsNotAsked() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 1, 1)));
        relay.channel(upstream.url(), made -> made.switches(Set.of(ChannelSwitch.DISABLE_STREAM_OPTIONS)))
                .start();

        relay.chat(Chat.request(true));

        assertThat(upstream.bodies()).containsExactly(Chat.request(true));
        relay.finish();
    }

    @Test
    void theLimitOfEveryChoiceIsHeld() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        String request = REQUEST.replace("\"stream\"", "\"max_tokens\":10000000,\"stream\"");

        // ten million at 1 unit each are covered, a hundred times as much is not
        RawClient.Reply reply = relay.chat(request.replace("\"stream\"", "\"n\":100,\"stream\""));

        assertThat(error(reply).getString("code")).isEqualTo("insufficient_user_quota");
        assertThat(upstream.calls()).isZero();
        relay.finish();
    }

    @Test
    void reasoningThatXAiCountsInTheTotalOnlyIsCharged() {
        String completion = Chat.completion("Hi", 10, 4)
                .replace("\"completion_tokens\":4", "\"completion_tokens\":4,\"total_tokens\":50");
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, completion));
        relay.channel(upstream.url(), made -> made.type(48)).start();

        relay.chat(REQUEST);

        relay.finish();
        assertThat(relay.charges()).containsExactly(10L + 2 * 40);
    }

    @Test
    void anUpstreamThatCannotBeReachedIsNotNamed() {
        ScriptedUpstream gone = ScriptedUpstream.start(relay.vertx);
        String url = gone.url();
        gone.stop();
        relay.channel(url).start();

        RawClient.Reply reply = relay.chat(REQUEST);

        assertThat(reply.status()).isEqualTo(500);
        assertThat(error(reply).getString("message")).startsWith("upstream error: do request failed (");
        assertThat(reply.body()).doesNotContain("127.0.0.1");
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void aMisconfiguredChannelIsPassedOver() {
        ScriptedUpstream good =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 4, 1)));
        relay.channel("not a url").channel(good.url()).retries(1).start();

        assertThat(relay.chat(REQUEST).status()).isEqualTo(200);
        assertThat(good.calls()).isEqualTo(1);
        relay.finish();
        assertThat(relay.charges()).containsExactly(6L);
    }

    @Test
    void aHugeErrorIsReadInPart() {
        String error = "{\"error\":{\"message\":\"first words\"},\"pad\":\"" + "x".repeat(300_000) + "\"}";
        answering(500, error).start();

        assertThat(error(relay.chat(REQUEST)).getString("message")).startsWith("first words");
        relay.finish();
    }

    // ---- refusals of our own ----

    @Test
    void aWrongKeyIsRefusedAndTheConnectionLivesOn() {
        answering(200, Chat.completion("Hi", 1, 1)).start();
        String wrong =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-wrong\r\nContent-Length: "
                        + REQUEST.length() + "\r\n\r\n" + REQUEST;
        try (RawClient client = relay.connect()) {
            assertThat(client.send(wrong).reply().status()).isEqualTo(401);
            assertThat(client.chat(REQUEST).reply().status()).isEqualTo(200);
        }
        relay.finish();
        assertThat(relay.charges()).hasSize(1);
    }

    @Test
    void aBodyThatIsAnnouncedTooLargeIsRefusedUnread() {
        upstream();
        relay.start();
        try (RawClient client = relay.connect()) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-" + RelayHarness.KEY
                    + "\r\nContent-Length: 999999999\r\n\r\n{\"mod");
            RawClient.Reply reply = client.reply();

            assertThat(reply.status()).isEqualTo(413);
            assertThat(reply.header("connection")).isEqualTo("close");
            assertThat(client.awaitEnd()).isTrue();
        }
        relay.finish();
    }

    @Test
    void aBodyThatTurnsOutTooLargeIsRefusedWhileItComes() {
        upstream();
        relay.start();
        String piece = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
        try (RawClient client = relay.connect()) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-" + RelayHarness.KEY
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 20; i++) {
                client.send(piece);
            }

            assertThat(client.reply().status()).isEqualTo(413);
            client.send("0\r\n\r\n");
            assertThat(client.awaitEnd()).isTrue();
        }
        relay.finish();
    }

    @Test
    void aBodyThatIsEncodedInAnUnknownWayIsRefused() {
        upstream();
        relay.start();
        try (RawClient client = relay.connect()) {
            RawClient.Reply reply = client.post("/v1/chat/completions", "xyz", "Content-Encoding: compress")
                    .reply();

            assertThat(reply.status()).isEqualTo(415);
            assertThat(error(reply).getString("code")).isEqualTo("unsupported_encoding");
        }
        relay.finish();
    }

    @Test
    void aClientThatAsksBeforeSendingIsToldToGoOn() {
        answering(200, Chat.completion("Hi", 1, 1)).start();
        try (RawClient client = relay.connect()) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-" + RelayHarness.KEY
                    + "\r\nExpect: 100-continue\r\nContent-Length: " + REQUEST.length() + "\r\n\r\n");
            assertThat(client.reply().status()).isEqualTo(100);
            assertThat(client.send(REQUEST).reply().status()).isEqualTo(200);
        }
        relay.finish();
    }

    @Test
    void aModelThatNoChannelServesIsRefusedBeforeAnythingIsHeld() {
        upstream();
        relay.start();

        RawClient.Reply reply = relay.chat(REQUEST.replace(Chat.MODEL, "other"));

        assertThat(reply.status()).isEqualTo(503);
        assertThat(error(reply).getString("code")).isEqualTo("model_not_found");
        relay.finish();
    }

    @Test
    void anUnreadableRequestIsTheClientsMistake() {
        upstream();
        relay.start();

        assertThat(relay.chat("{\"model\":").status()).isEqualTo(400);
        relay.finish();
    }

    @Test
    void whatTheQuotaDoesNotCoverIsRefused() {
        ScriptedUpstream upstream = upstream();
        relay.start();

        RawClient.Reply reply = relay.chat(REQUEST.replace("\"stream\"", "\"max_tokens\":1073741823,\"stream\""));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(error(reply).getString("code")).isEqualTo("insufficient_user_quota");
        assertThat(upstream.calls()).isZero();
        relay.finish();
    }

    @Test
    void aQueryThatCannotBeReadIsTheClientsMistakeAndTheConnectionLivesOn() {
        answering(200, Chat.completion("Hi", 1, 1)).start();
        try (RawClient client = relay.connect()) {
            RawClient.Reply chat =
                    client.post("/v1/chat/completions?key=%zz", REQUEST).reply();
            RawClient.Reply models = client.get("/v1/models?key=sk-hidden%").reply();

            assertThat(chat.status()).isEqualTo(400);
            assertThat(error(chat).getString("message")).contains("percent-encoding");
            assertThat(models.status()).isEqualTo(400);
            assertThat(models.body()).doesNotContain("hidden");
            assertThat(client.chat(REQUEST).reply().status()).isEqualTo(200);
        }
        relay.finish();
    }

    @Test
    void aFaultOfOurOwnIsAnsweredAndTheConnectionLivesOn() {
        relay.broken().start();
        try (RawClient client = relay.connect()) {
            for (int i = 0; i < 2; i++) {
                RawClient.Reply reply = client.chat(REQUEST).reply();

                assertThat(reply.status()).isEqualTo(500);
                assertThat(error(reply).getString("code")).isEqualTo("internal_error");
            }
            assertThat(client.get("/v1/models").reply().status()).isEqualTo(500);
        }
        relay.finish();
    }

    @Test
    void aNodeThatDrainsRefusesAndCloses() {
        upstream();
        relay.start();
        RelayHarness.await(relay.inFlight().drain());
        try (RawClient client = relay.connect()) {
            RawClient.Reply reply = client.chat(REQUEST).reply();

            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.header("retry-after")).isEqualTo("1");
            assertThat(client.awaitEnd()).isTrue();
        }
        relay.finish();
    }

    // ---- the client goes away ----

    @Test
    void clientLeavesWhileItsKeyIsLookedUp() {
        ScriptedUpstream upstream = upstream();
        CompletableFuture<Void> delay = new CompletableFuture<>();
        relay.keysWaitFor(delay).start();
        RawClient client = relay.connect().chat(REQUEST);
        relay.awaitCalls(1);
        client.close();
        relay.awaitCloses(1);
        delay.complete(null);

        relay.finish();
        assertThat(upstream.calls()).isZero();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void clientLeavesInTheMiddleOfItsBody() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        RawClient client = relay.connect();
        client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-" + RelayHarness.KEY
                + "\r\nContent-Length: 1000\r\n\r\n{\"model\"");
        relay.awaitCalls(1);
        client.close();

        relay.finish();
        assertThat(upstream.calls()).isZero();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void clientLeavesWhileAWholeAnswerIsMade() {
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        ScriptedUpstream.Reply answer;
        RawClient client = relay.connect().chat(REQUEST);
        answer = first.next();
        answer.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"cho");
        client.close();
        answer.awaitCut();
        relay.finish();
        assertThat(second.calls()).isZero();
        assertThat(relay.charges()).containsExactly(PROMPT);
    }

    @Test
    void clientLeavesBetweenTwoAttempts() {
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        ScriptedUpstream.Reply answer;
        RawClient client = relay.connect().chat(REQUEST);
        answer = first.next();
        answer.raw("HTTP/1.1 500 X\r\nContent-Length: 100\r\n\r\n{\"error\"");
        client.close();
        answer.awaitCut();

        relay.finish();
        assertThat(second.calls()).isZero();
    }

    @Test
    void anErrorBesideAnEmptyListOfChoicesIsAnErrorAndIsTriedElsewhere() {
        ScriptedUpstream second =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, Chat.completion("Hi", 4, 1)));
        relay.channel(ScriptedUpstream.start(
                                relay.vertx,
                                reply ->
                                        reply.json(200, "{\"choices\":[],\"error\":{\"message\":\"no\",\"code\":429}}"))
                        .url())
                .channel(second.url())
                .retries(1)
                .start();

        assertThat(relay.chat(REQUEST).body()).contains("Hi");
        relay.finish();
        assertThat(relay.charges()).containsExactly(6L);
    }

    // ---- paths ----

    @Test
    void aSlashAtTheEndMakesNoDifference() {
        answering(200, Chat.completion("Hi", 1, 1)).start();
        try (RawClient client = relay.connect()) {
            assertThat(client.post("/v1/chat/completions/", REQUEST).reply().status())
                    .isEqualTo(200);
            assertThat(client.get("/v1/models/", "Authorization: Bearer " + RelayHarness.KEY)
                            .reply()
                            .body())
                    .contains("\"object\":\"list\"");
        }
        relay.finish();
    }

    @Test
    void aBrowserMaySendItsKey() {
        relay.start();
        try (RawClient client = relay.connect()) {
            RawClient.Reply reply = client.send("OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: x\r\n\r\n")
                    .reply();

            assertThat(reply.status()).isEqualTo(204);
            assertThat(reply.header("access-control-allow-headers")).startsWith("Authorization");
            assertThat(reply.header("access-control-allow-origin")).isEqualTo("*");
        }
    }

    @Test
    void anUnknownPathIsRefusedInTheClientsFormat() {
        relay.start();
        try (RawClient client = relay.connect()) {
            RawClient.Reply reply =
                    client.post("/v1/nothing?key=sk-hidden", "{}").reply();

            assertThat(reply.status()).isEqualTo(404);
            assertThat(error(reply).getString("message"))
                    .contains("/v1/nothing")
                    .doesNotContain("hidden");
            assertThat(client.get("/v1/models/%zz").reply().status()).isEqualTo(404);
            assertThat(client.get("/elsewhere").reply().status()).isEqualTo(418);
        }
    }

    @Test
    void theModelsAreListedInTheFormatOfWhoeverAsks() {
        relay.channel("http://127.0.0.1:1").start();
        String bearer = "Authorization: Bearer " + RelayHarness.KEY;
        try (RawClient client = relay.connect()) {
            assertThat(models(client, bearer)).containsKey("object");
            assertThat(models(client, "x-api-key: " + RelayHarness.KEY)).containsKey("object");
            assertThat(models(client, bearer, "anthropic-version: 2023-06-01")).containsKey("has_more");
            assertThat(models(client, "x-goog-api-key: " + RelayHarness.KEY)).containsKey("models");
            RawClient.Reply byQuery =
                    client.get("/v1/models?key=" + RelayHarness.KEY).reply();
            assertThat(byQuery.body()).contains("\"models\"").contains(Chat.MODEL);
        }
    }

    private static Map<String, Object> models(RawClient client, String... headers) {
        RawClient.Reply reply = client.get("/v1/models", headers).reply();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains(Chat.MODEL);
        return new JsonObject(reply.body()).getMap();
    }

    @Test
    void whyModelsAreNotListedIsSaidInTheFormatOfWhoeverAsks() {
        relay.start();
        try (RawClient client = relay.connect()) {
            assertThat(client.get("/v1/models", "anthropic-version: 2023-06-01")
                            .reply()
                            .body())
                    .contains("\"type\":\"authentication_error\"");
            RawClient.Reply google =
                    client.get("/v1/models/other?key=" + RelayHarness.KEY).reply();
            assertThat(google.status()).isEqualTo(404);
            assertThat(google.body()).contains("\"status\":\"NOT_FOUND\"");
            assertThat(client.post("/v1/messages/batches", "{}").reply().body())
                    .contains("\"type\":\"not_found_error\"");
        }
    }

    @Test
    void aModelThatOnlyOtherChannelsServeIsNotListed() {
        relay.channel("http://127.0.0.1:1", made -> made.type(33)).start();
        String key = "Authorization: Bearer " + RelayHarness.KEY;
        try (RawClient client = relay.connect()) {
            assertThat(client.get("/v1/models", key).reply().body()).doesNotContain(Chat.MODEL);
            assertThat(client.get("/v1/models/" + Chat.MODEL, key).reply().status())
                    .isEqualTo(404);
        }
    }

    @Test
    void whoMayNotChooseAChannelIsRefusedBeforeTheBodyIsRead() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        String key = "Authorization: Bearer sk-" + RelayHarness.KEY + "-1";
        try (RawClient client = relay.connect()) {
            RawClient.Reply reply = client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + key
                            + "\r\nContent-Length: 1000\r\n\r\n{")
                    .reply();

            assertThat(reply.status()).isEqualTo(403);
        }
        try (RawClient client = relay.connect()) {
            assertThat(client.get("/v1/models", key).reply().status()).isEqualTo(403);
        }
        assertThat(upstream.calls()).isZero();
        relay.finish();
    }

    @Test
    void whoMayChooseAChannelIsNotHeldToTheModelsOfTheKey() {
        answering(200, Chat.completion("Hi", 1, 1))
                .role(Role.ADMIN)
                .limits(ModelLimits.of(List.of("other")))
                .start();
        try (RawClient client = relay.connect()) {
            String pinned = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-"
                    + RelayHarness.KEY + "-1\r\nContent-Length: " + REQUEST.length() + "\r\n\r\n" + REQUEST;

            assertThat(client.send(pinned).reply().status()).isEqualTo(200);
            assertThat(client.chat(REQUEST).reply().status()).isEqualTo(403);
        }
        relay.finish();
    }

    @Test
    void oneModelIsFoundOrNot() {
        relay.channel("http://127.0.0.1:1").start();
        String key = "Authorization: Bearer " + RelayHarness.KEY;
        try (RawClient client = relay.connect()) {
            assertThat(client.get("/v1/models/" + Chat.MODEL, key).reply().status())
                    .isEqualTo(200);
            assertThat(client.get("/v1/models/gpt+4", key).reply().body()).contains("'gpt+4'");
            assertThat(client.get("/v1/models/other", key).reply().status()).isEqualTo(404);
        }
    }
}
