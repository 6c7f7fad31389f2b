package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images and audio. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class MediaTest {

    private static final byte[] SOUND = Media.wav(20).getBytes();

    private Sandbox sandbox;
    private Caller caller;

    @BeforeAll
    void start() {
        sandbox = Sandbox.start(SandboxOptions.DEFAULTS).await();
        caller = new Caller(sandbox);
    }

    @AfterAll
    void stop() {
        sandbox.close().await();
    }

    @Test
    void anImageComesInlineOrByAddress() throws IOException {
        JsonObject inline = answer("/v1/images/generations", "{'model':'gpt-image-1','prompt':'a cat','n':2}");
        JsonObject linked = answer("/v1/images/generations", "{'model':'dall-e-3','prompt':'a cat'}");

        assertThat(inline.getJsonArray("data")).hasSize(2);
        byte[] first = Base64.getDecoder()
                .decode(inline.getJsonArray("data").getJsonObject(0).getString("b64_json"));
        assertThat(ImageIO.read(new ByteArrayInputStream(first)).getWidth()).isEqualTo(1);
        assertThat(inline.getJsonObject("usage").encode())
                .isEqualTo("{\"total_tokens\":546,\"input_tokens\":2,\"output_tokens\":544,"
                        + "\"input_tokens_details\":{\"text_tokens\":2,\"image_tokens\":0}}");
        assertThat(caller.download(linked.getJsonArray("data").getJsonObject(0).getString("url")))
                .isEqualTo(first);
        assertThat(linked.containsKey("usage")).isFalse();
    }

    @Test
    void anImageIsEditedFromAForm() {
        HttpResponse<String> answer =
                caller.form("/v1/images/edits", "image[]", SOUND, "model", "gpt-image-1", "prompt", "a hat");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("b64_json");
        assertThat(caller.form("/v1/images/edits", "other", SOUND, "prompt", "a hat")
                        .body())
                .contains("Missing required parameter: 'image'");
    }

    @Test
    void aStreamedImageIsPartialBeforeItIsComplete() {
        List<String> events =
                caller.stream("/v1/images/generations", json("{'model':'gpt-image-1','prompt':'a cat','stream':true}"));

        assertThat(events).hasSize(3).endsWith("end");
        assertThat(events.get(0)).contains("\"image_generation.partial_image\"");
        assertThat(events.get(1)).contains("\"image_generation.completed\"", "\"output_tokens\":272");
    }

    @Test
    void speechIsAudioThatCanBeOpened() throws IOException, UnsupportedAudioFileException {
        HttpResponse<byte[]> wav = speech("wav");
        HttpResponse<byte[]> mp3 = speech("mp3");

        AudioInputStream opened = AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav.body()));
        assertThat(opened.getFormat().getSampleRate()).isEqualTo(24_000f);
        assertThat(opened.getFrameLength()).isEqualTo(2 * 2400);
        assertThat(wav.headers().firstValue("Content-Type")).contains("audio/wav");
        assertThat(mp3.headers().firstValue("Content-Type")).contains("audio/mpeg");
        assertThat(mp3.body()).startsWith(0xFF, 0xFB).hasSize(8 * 417);
        assertThat(speech("pcm").body()).hasSize(wav.body().length - 44);
    }

    @Test
    void streamedSpeechJoinsToTheWholeSound() throws IOException {
        List<String> events = caller.stream(
                "/v1/audio/speech",
                json(
                        "{'model':'m','input':'two words','voice':'alloy','response_format':'wav','stream_format':'sse'}"));

        ByteArrayOutputStream sound = new ByteArrayOutputStream();
        for (String event : events.subList(0, 2)) {
            sound.write(Base64.getDecoder().decode(new JsonObject(event).getString("audio")));
        }
        assertThat(sound.toByteArray()).isEqualTo(speech("wav").body());
        assertThat(events.get(2))
                .isEqualTo("{\"type\":\"speech.audio.done\",\"usage\":{\"total_tokens\":4,\"input_tokens\":2,"
                        + "\"output_tokens\":2}}");
    }

    @Test
    void aTranscriptNamesItsFileAndItsUsage() {
        assertThat(transcript("whisper-1", "json"))
                .isEqualTo("{\"text\":\"Transcript of a.wav\",\"usage\":{\"type\":\"duration\",\"seconds\":7}}");
        assertThat(transcript("gpt-4o-transcribe", "json"))
                .isEqualTo("{\"text\":\"Transcript of a.wav\",\"usage\":{\"type\":\"tokens\",\"total_tokens\":73,"
                        + "\"input_tokens\":70,\"output_tokens\":3,"
                        + "\"input_token_details\":{\"text_tokens\":0,\"audio_tokens\":70}}}");
        assertThat(transcript("whisper-1", "text")).isEqualTo("Transcript of a.wav\n");
        assertThat(transcript("whisper-1", "srt"))
                .isEqualTo("1\n00:00:00,000 --> 00:00:07,000\nTranscript of a.wav\n\n");
        assertThat(transcript("whisper-1", "vtt")).startsWith("WEBVTT\n\n00:00:00.000 --> 00:00:07.000\n");
        assertThat(transcript("whisper-1", "verbose_json")).contains("\"task\":\"transcribe\"", "\"duration\":7.0");
        assertThat(caller.form("/v1/audio/translations", "file", SOUND, "model", "whisper-1")
                        .body())
                .contains("Transcript of a.wav");
    }

    @Test
    void aStreamedTranscriptComesWordByWord() {
        String stream = caller.form(
                        "/v1/audio/transcriptions", "file", SOUND, "model", "gpt-4o-transcribe", "stream", "true")
                .body();

        assertThat(stream)
                .startsWith("""
                        event: transcript.text.delta
                        data: {"type":"transcript.text.delta","delta":"Transcript"}

                        """)
                .contains("\"type\":\"transcript.text.done\",\"text\":\"Transcript of a.wav\"", "\"input_tokens\":70");
    }

    @Test
    void aFormMayCarryWishes() {
        HttpResponse<String> answer =
                caller.form("/v1/audio/transcriptions", "file", SOUND, "model", "m", "sandbox", "{\"status\":503}");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(caller.bytes("/v1/audio/speech", json("{'model':'m!status:429','input':'x','voice':'v'}"))
                        .statusCode())
                .isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/images/generations | {'model':'m'} | Missing required parameter: 'prompt'
            /v1/images/generations | {'model':'m','prompt':'x','n':11} | Invalid 'n'
            /v1/images/edits | {'model':'m','prompt':'x'} | expected multipart/form-data
            /v1/audio/speech | {'model':'m','voice':'v'} | Missing required parameter: 'input'
            /v1/audio/speech | {'model':'m','input':'x'} | Missing required parameter: 'voice'
            /v1/audio/speech | {'model':'m','input':'x','voice':'v','response_format':'midi'} | Invalid value: 'midi'
            /v1/audio/transcriptions | {'model':'m'} | expected multipart/form-data
            """)
    void whatIsMissingIsRefused(String path, String body, String why) {
        HttpResponse<String> answer = caller.post(path, json(body));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(why);
    }

    private String transcript(String model, String format) {
        return caller.form("/v1/audio/transcriptions", "file", SOUND, "model", model, "response_format", format)
                .body();
    }

    private HttpResponse<byte[]> speech(String format) {
        return caller.bytes(
                "/v1/audio/speech",
                json("{'model':'m','input':'two words','voice':'alloy','response_format':'" + format + "'}"));
    }

    private JsonObject answer(String path, String body) {
        return new JsonObject(caller.post(path, json(body)).body());
    }

    private static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }
}
