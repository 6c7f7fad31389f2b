package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are spoken, and sound that is written down. */
class SoundTest {

    private static final String SPEECH = "/v1/audio/speech";
    private static final String TRANSCRIPTIONS = "/v1/audio/transcriptions";
    private static final String SPEAK =
            "{\"model\":\"" + Chat.MODEL + "\",\"input\":\"Grüße \\ud83d\\ude00\",\"voice\":\"alloy\"}";

    /** Five letters, a space and one sign of two chars. */
    private static final long CHARACTERS = 7;

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private RawClient.Reply post(String path, String body) {
        try (RawClient client = relay.connect()) {
            return client.post(path, body).reply();
        }
    }

    private ScriptedUpstream transcriber(String type, String answer) {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.whole(200, type, answer));
        relay.channel(upstream.url());
        return upstream;
    }

    private static Form sound() {
        return Form.of("model", Chat.MODEL).file("file", "talk.mp3", "\u0001\u0002 sound");
    }

    // ---- speech

    @Test
    void speechPassesAsItComesAndCostsItsCharacters() {
        ScriptedUpstream upstream = ScriptedUpstream.start(
                relay.vertx,
                reply -> reply.raw("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .chunk("\u0001\u0002 so")
                        .chunk("und")
                        .end());
        relay.channel(upstream.url()).start();

        RawClient.Reply reply = post(SPEECH, SPEAK);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("audio/mpeg");
        assertThat(reply.body()).isEqualTo("\u0001\u0002 sound");
        assertThat(upstream.bodies()).containsExactly(SPEAK);
        assertThat(upstream.heads().get(0))
                .startsWith("POST /v1/audio/speech HTTP/1.1")
                .contains("Accept: */*");
        relay.finish();
        // one unit each
        assertThat(relay.charges()).containsExactly(CHARACTERS);
    }

    @Test
    void speechAtAPriceForEachCallCostsThat() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(relay.vertx, reply -> reply.whole(200, "audio/wav", "sound"));
        relay.channel(upstream.url(), made -> made.models(List.of("tts-1")))
                .priceOfCall("tts-1", "0.015")
                .start();

        assertThat(post(SPEECH, "{\"input\":\"Hello\"}").body()).isEqualTo("sound");

        assertThat(upstream.bodies()).containsExactly("{\"model\":\"tts-1\",\"input\":\"Hello\"}");
        relay.finish();
        // 0.015 x 500000
        assertThat(relay.charges()).containsExactly(7_500L);
    }

    @Test
    void speechComesNoFasterThanTheClientReadsIt() {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx);
        relay.channel(upstream.url()).start();
        try (RawClient client = RawClient.connectSlow(relay.port()).post(SPEECH, SPEAK)) {
            ScriptedUpstream.Reply answer = upstream.next();
            answer.raw("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n\r\n");
            int sent = Slow.fill(relay.vertx, answer, "x".repeat(10_000), 5000);

            assertThat(sent).as("the upstream had to wait long before 50 MB").isLessThan(4000);
            relay.vertx.runOnContext(go -> answer.end());
            RawClient.Reply reply = client.reply();
            assertThat(reply.orderly()).isTrue();
            assertThat(reply.body().length()).isGreaterThanOrEqualTo(sent * 10_000);
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(CHARACTERS);
    }

    @Test
    void aClientThatDoesNotReadSpeechIsGivenUpAndPaysForIt() {
        relay.close();
        try (RelayHarness hurried = new RelayHarness(RelayHarness.silence(Duration.ZERO, Duration.ofMillis(300)))) {
            ScriptedUpstream upstream = ScriptedUpstream.start(hurried.vertx);
            hurried.channel(upstream.url()).start();
            RawClient client = RawClient.connectSlow(hurried.port()).post(SPEECH, SPEAK);
            ScriptedUpstream.Reply answer = upstream.next();
            answer.raw("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n\r\n");
            Slow.fill(hurried.vertx, answer, "x".repeat(10_000), 5000);
            hurried.awaitCloses(1);
            hurried.finish();
            client.close();
            assertThat(hurried.charges()).containsExactly(CHARACTERS);
            assertThat(hurried.log().content()).isEqualTo("the client stopped reading");
        }
    }

    @Test
    void speechThatBreaksOffIsCutOffForTheClientToo() {
        ScriptedUpstream upstream = ScriptedUpstream.start(
                relay.vertx,
                reply -> reply.raw("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .chunk("so")
                        .cut());
        relay.channel(upstream.url()).start();

        try (RawClient client = relay.connect()) {
            // the chunk, and no end behind it
            client.post(SPEECH, SPEAK).awaitText("\r\n2\r\nso\r\n");
            assertThat(client.awaitEnd()).isTrue();
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(CHARACTERS);
    }

    @Test
    void speechThatNeverBeganIsAskedOfAnother() {
        ScriptedUpstream broken = ScriptedUpstream.start(
                relay.vertx,
                reply -> reply.raw("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .cut());
        ScriptedUpstream well = ScriptedUpstream.start(relay.vertx, reply -> reply.whole(200, "audio/mpeg", "sound"));
        relay.retries(1).channel(broken.url()).channel(well.url()).start();

        assertThat(post(SPEECH, SPEAK).body()).isEqualTo("sound");

        relay.finish();
        assertThat(relay.charges()).containsExactly(CHARACTERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\":{\"message\":\"no\"}}", ""})
    void speechThatIsNoneCostsNothing(String answer) {
        ScriptedUpstream upstream = ScriptedUpstream.start(
                relay.vertx, reply -> reply.whole(200, answer.isEmpty() ? "audio/mpeg" : "application/json", answer));
        relay.channel(upstream.url()).start();

        assertThat(post(SPEECH, SPEAK).status()).isEqualTo(502);

        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void aClientThatLeavesSpeechBehindPaysForIt() {
        ScriptedUpstream upstream = ScriptedUpstream.start(
                relay.vertx,
                reply -> reply.raw("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .chunk("so"));
        relay.channel(upstream.url()).start();

        try (RawClient client = relay.connect()) {
            client.post(SPEECH, SPEAK).awaitText("so");
        }
        relay.awaitCloses(1);

        relay.finish();
        assertThat(relay.charges()).containsExactly(CHARACTERS);
        assertThat(relay.log().content()).contains("the client went away");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"model\":\"m\"}", "{\"model\":\"m\",\"input\":\"\"}", "{\"model\":\"m\",\"input\":[\"a\"]}"})
    void nothingIsNotSpoken(String body) {
        relay.start();

        assertThat(post(SPEECH, body).body()).contains("\"param\":\"input\"");

        relay.finish();
    }

    // ---- transcriptions

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // read at one each, written at two
                "{\"text\":\"Hi\",\"usage\":{\"type\":\"tokens\",\"input_tokens\":14,\"output_tokens\":45,\"total_tokens\":59}} | 104",
                // a minute counts for 1000: 9 seconds for 150, 61.2 of which 62 have begun for 1033.3
                "{\"text\":\"Hi\",\"usage\":{\"type\":\"duration\",\"seconds\":9}} | 150",
                "{\"text\":\"Hi\",\"usage\":{\"type\":\"duration\",\"seconds\":61.2}} | 1033",
                // the file 256, "Hi" 1.02, so 2 written, at two each
                "{\"text\":\"Hi\"} | 260"
            })
    void whatIsWrittenDownIsChargedAsTheProviderCountsIt(String answer, long charged) {
        ScriptedUpstream upstream = transcriber("application/json", answer);
        relay.start();
        String form = sound().field("response_format", "json").text();

        RawClient.Reply reply = Form.post(relay, TRANSCRIPTIONS, form);

        assertThat(reply.body()).isEqualTo(answer);
        assertThat(upstream.bodies()).containsExactly(form);
        assertThat(upstream.heads().get(0)).startsWith("POST /v1/audio/transcriptions HTTP/1.1");
        relay.finish();
        assertThat(relay.charges()).containsExactly(charged);
    }

    @Test
    void aTextAndSubtitlesPassAsTheyAre() {
        transcriber("text/plain", "Hello\n");
        relay.start();

        RawClient.Reply reply = Form.post(
                relay,
                "/v1/audio/translations",
                sound().field("response_format", "text").text());

        assertThat(reply.body()).isEqualTo("Hello\n");
        assertThat(reply.header("Content-Type")).isEqualTo("text/plain");
        relay.finish();
        // the file 256; "Hello" and the end of the line 1.02 + 0.5, so 2 written, at two each
        assertThat(relay.charges()).containsExactly(260L);
    }

    @Test
    void aStreamOfWhatIsWrittenDownPasses() {
        String delta = "data: {\"type\":\"transcript.text.delta\",\"delta\":\"Hi\"}\n\n";
        String done = "data: {\"type\":\"transcript.text.done\",\"text\":\"Hi\",\"usage\":{\"type\":\"tokens\","
                + "\"input_tokens\":14,\"output_tokens\":3,\"total_tokens\":17}}\n\n";
        ScriptedUpstream upstream = ScriptedUpstream.start(
                relay.vertx,
                reply -> reply.streamHead().chunk(delta).chunk(done).end());
        relay.channel(upstream.url()).start();

        RawClient.Reply reply =
                Form.post(relay, TRANSCRIPTIONS, sound().field("stream", "true").text());

        assertThat(reply.body()).isEqualTo(delta + done);
        relay.finish();
        assertThat(relay.charges()).containsExactly(20L);
    }

    @Test
    void theProvidersNameOfTheModelStandsInItsFieldAndTheFileIsUnchanged() {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, "{\"text\":\"Hi\"}"));
        relay.channel(upstream.url(), made -> made.modelMapping(Map.of(Chat.MODEL, "whisper-large-v3")))
                .start();
        String form = Form.empty()
                .file("file", "a; name=\\\"model\\\".mp3", "\r\n" + Chat.MODEL + "\r\n--" + Form.BOUNDARY.substring(1))
                .field("model", Chat.MODEL)
                .text();

        assertThat(Form.post(relay, TRANSCRIPTIONS, form).status()).isEqualTo(200);

        int field = form.lastIndexOf(Chat.MODEL);
        assertThat(upstream.bodies())
                .containsExactly(
                        form.substring(0, field) + "whisper-large-v3" + form.substring(field + Chat.MODEL.length()));
        relay.finish();
    }

    @Test
    void aFileMayHaveALongName() {
        ScriptedUpstream upstream = transcriber("application/json", "{\"text\":\"Hi\"}");
        relay.start();
        String form = Form.of("model", Chat.MODEL)
                .file("file", "a\\\"".repeat(2500), "sound")
                .text();

        assertThat(Form.post(relay, TRANSCRIPTIONS, form).status()).isEqualTo(200);

        assertThat(upstream.bodies()).containsExactly(form);
        relay.finish();
    }

    @Test
    void withoutAModelItIsWhisperAndTheProviderIsToldSo() {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, "{\"text\":\"Hi\"}"));
        relay.channel(upstream.url(), made -> made.models(List.of("whisper-1")))
                .ratio("whisper-1", "1")
                .start();
        Form file = Form.empty().file("file", "talk.mp3", "sound");

        assertThat(Form.post(relay, TRANSCRIPTIONS, file.text()).status()).isEqualTo(200);

        assertThat(upstream.bodies())
                .containsExactly(Form.of("model", "whisper-1")
                        .file("file", "talk.mp3", "sound")
                        .text());
        relay.finish();
    }

    @Test
    void whatAChannelForbidsIsTakenOutOfAForm() {
        ScriptedUpstream upstream = transcriber("application/json", "{\"text\":\"Hi\"}");
        relay.start();

        Form.post(
                relay, TRANSCRIPTIONS, sound().field("service_tier", "priority").text());

        assertThat(upstream.bodies()).containsExactly(sound().text());
        relay.finish();
    }

    @Test
    void aPriceExpressionMayAskTheFieldsOfAForm() {
        transcriber("application/json", "{\"text\":\"Hi\",\"usage\":{\"input_tokens\":100,\"output_tokens\":0}}");
        relay.price("param(\"chunks\") > 1 ? p * 4 : p * 2").start();

        Form.post(relay, TRANSCRIPTIONS, sound().field("chunks", "2").text());

        relay.finish();
        // 100 x 4 USD for a million, at half a unit each
        assertThat(relay.charges()).containsExactly(200L);
    }

    // ---- forms

    @Test
    void aFormWithoutAFileIsRefused() {
        refused(Form.of("model", Chat.MODEL).text(), "\"param\":\"file\"");
    }

    @Test
    void whatDecidesMustNotStandInAFormTwice() {
        refused(sound().field("model", "other").text(), "\"param\":\"model\"");
        refused(sound().field("Model", "other").text(), "\"param\":\"model\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "form-data; x=\"; name=\\\"prompt\\\"\"; name=\"model\"",
                "form-data; name=\"prompt\"; name=\"model\"",
                "form-data; name=\"mod\\el\"",
                "form-data; name*=utf-8''model",
                "form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"model\"",
                "form-data;\r\n name=\"model\"",
                "form-data; name=\"model\"; filename=\"a\"",
                "form-data; name=\"x\"\r\nContent-Transfer-Encoding: base64",
                "form-data",
                "attachment; name=\"model\""
            })
    void whatProgramsCouldReadDifferentlyIsRefused(String disposition) {
        refused(sound().part(disposition, "other").text(), "invalid_request");
    }

    @Test
    void aFormThatDoesNotEndIsRefused() {
        String form = sound().text();

        refused(form.substring(0, form.length() - 8), "does not end");
        refused("no form", "boundary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "multipart/form-data", "multipart/form-data; boundary=a; boundary=b"})
    void whatIsNoFormIsRefused(String type) {
        relay.start();
        try (RawClient client = relay.connect()) {
            assertThat(client.send(TRANSCRIPTIONS, type, "--a\r\n").reply().status())
                    .isEqualTo(400);
        }
        relay.finish();
    }

    private void refused(String form, String why) {
        if (relay.port() == 0) {
            relay.start();
        }
        RawClient.Reply reply = Form.post(relay, TRANSCRIPTIONS, form);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains(why);
    }
}
