package io.newapi.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Images and audio. */
final class MediaEndpoints {

    /** Where the pictures are that answers name by their address. */
    static final String PNG_PATH = "/__sandbox/image.png";

    private static final long IMAGE_TOKENS = 272;
    private static final int BYTES_PER_SECOND = 16_000;
    private static final int MOST_SPOKEN_CHARS = 4096;

    private MediaEndpoints() {}

    /** By the path below {@code /v1/}. */
    static Map<String, Endpoint> ofAll() {
        return Map.of(
                "images/generations", MediaEndpoints::generations,
                "images/edits", MediaEndpoints::edits,
                "audio/speech", MediaEndpoints::speech,
                "audio/transcriptions", call -> transcript(call, "transcribe"),
                "audio/translations", call -> transcript(call, "translate"));
    }

    private static Answer generations(Call call) {
        JsonObject json = call.json();
        return images(call, json, "image_generation", Fields.isTrue(json, "stream"));
    }

    private static Answer edits(Call call) {
        Form form = form(call);
        form.file("image");
        return images(call, form.fields(), "image_edit", form.isTrue("stream"));
    }

    /** @param kind what events are named after */
    private static Answer images(Call call, JsonObject json, String kind, boolean streamed) {
        String model = Fields.text(json, "model");
        String prompt = Fields.text(json, "prompt");
        if (prompt.isEmpty()) {
            throw OpenAiFields.missing("prompt");
        }
        long count = count(json);
        Script script = call.script(json);
        // The newer models answer with the picture itself, the older with its address unless told otherwise.
        boolean inline = model.startsWith("gpt-image")
                || Fields.text(json, "response_format").equals("b64_json");
        JsonArray data = new JsonArray();
        for (long i = 0; i < count; i++) {
            data.add(
                    inline
                            ? new JsonObject().put("b64_json", Media.PNG)
                            : new JsonObject().put("url", address(call)).put("revised_prompt", prompt));
        }
        JsonObject whole =
                new JsonObject().put("created", Reply.CREATED_SECONDS).put("data", data);
        JsonObject done = new JsonObject()
                .put("type", kind + ".completed")
                .put("b64_json", Media.PNG)
                .put("created_at", Reply.CREATED_SECONDS);
        Usage usage = model.startsWith("gpt-image")
                ? script.reported(Usage.of(script, Math.max(1, Words.in(prompt)), IMAGE_TOKENS * count, 0))
                : null;
        if (usage != null) {
            JsonObject figures = tokens(usage)
                    .put(
                            "input_tokens_details",
                            new JsonObject().put("text_tokens", usage.prompt()).put("image_tokens", 0));
            whole.put("usage", figures);
            done.put("usage", figures);
        }
        Reply reply = reply(call, model, new Fragments(Media.PNG, 1), usage);
        DeltaWriter writer = new DeltaWriter(
                whole,
                piece -> new JsonObject()
                        .put("type", kind + ".partial_image")
                        .put("b64_json", piece)
                        .put("created_at", Reply.CREATED_SECONDS)
                        .put("partial_image_index", 0),
                done);
        return Answer.of(script, reply, writer, streamed);
    }

    /** Numbers in a form are texts. */
    private static long count(JsonObject json) {
        String count = String.valueOf(Fields.or(json, "n", 1));
        if (!count.matches("[1-9]|10")) {
            throw Refused.at("n", "Invalid 'n': expected a whole number from 1 to 10, but got " + count + " instead.");
        }
        return Long.parseLong(count);
    }

    private static String address(Call call) {
        return call.request().scheme() + "://" + call.request().authority() + PNG_PATH;
    }

    private static Answer speech(Call call) {
        JsonObject json = call.json();
        String model = OpenAiFields.model(json);
        String input = Fields.text(json, "input");
        if (input.isEmpty()) {
            throw OpenAiFields.missing("input");
        }
        if (input.length() > MOST_SPOKEN_CHARS) {
            throw Refused.at(
                    "input",
                    "Invalid 'input': string too long. Expected at most " + MOST_SPOKEN_CHARS + " characters.");
        }
        if (json.getValue("voice") == null) {
            throw OpenAiFields.missing("voice");
        }
        OpenAiFields.checkNumber(json, "speed", 0.25, 4);
        String format = String.valueOf(Fields.or(json, "response_format", "mp3"));
        int tenths = (int) Math.max(1, Words.in(input));
        Buffer audio = switch (format) {
            case "mp3" -> Media.mp3(tenths);
            case "wav" -> Media.wav(tenths);
            case "pcm" -> Media.pcm(tenths);
            default -> throw OpenAiFields.unknown("response_format", format, "'mp3', 'wav', and 'pcm'");
        };
        Script script = call.script(json);
        if (!Fields.text(json, "stream_format").equals("sse")) {
            return new Answer.Whole(script, format.equals("mp3") ? "audio/mpeg" : "audio/" + format, audio);
        }
        Usage usage = script.reported(Usage.of(script, Math.max(1, Words.in(input)), tenths, 0));
        JsonObject done = new JsonObject().put("type", "speech.audio.done");
        if (usage != null) {
            done.put("usage", tokens(usage));
        }
        // Every piece is Base64 of its own: cut where three bytes are four characters.
        String text = Base64.getEncoder().encodeToString(audio.getBytes());
        Pieces pieces = new Quartets(text, script.chunks() == null ? tenths : script.chunks());
        DeltaWriter writer = new DeltaWriter(
                done,
                piece -> new JsonObject().put("type", "speech.audio.delta").put("audio", piece),
                done);
        return new Answer.Streamed(script, reply(call, model, pieces, usage), writer);
    }

    /** @param task what is done with what was heard */
    private static Answer transcript(Call call, String task) {
        Form form = form(call);
        JsonObject json = form.fields();
        String model = OpenAiFields.model(json);
        Form.File file = form.file("file");
        if (file.bytes() == 0) {
            throw Refused.at("file", "Audio file is too short. Minimum audio length is 0.1 seconds.");
        }
        Script script = call.script(json);
        String content = script.content();
        String text = content == null ? "Transcript of " + file.name() : content;
        long seconds = (file.bytes() + BYTES_PER_SECOND - 1L) / BYTES_PER_SECOND;
        boolean byDuration = model.startsWith("whisper");
        Pieces pieces = Words.of(text, script.chunks());
        Usage usage = script.reported(Usage.of(script, seconds * 10, pieces.words(), 0));
        JsonObject figures = usage == null ? null : byDuration ? duration(script, seconds) : audioTokens(usage);
        String format = Fields.text(json, "response_format");
        String span = "00:00:00,000 --> " + clock(seconds) + ",000\n";
        switch (format) {
            case "", "json" -> {}
            case "text" -> {
                return plain(script, text + "\n");
            }
            case "srt" -> {
                return plain(script, "1\n" + span + text + "\n\n");
            }
            case "vtt" -> {
                return plain(script, "WEBVTT\n\n" + span.replace(',', '.') + text + "\n\n");
            }
            case "verbose_json" -> {
                JsonObject segment = new JsonObject()
                        .put("id", 0)
                        .put("start", 0.0)
                        .put("end", (double) seconds)
                        .put("text", text);
                JsonObject verbose = new JsonObject()
                        .put("task", task)
                        .put("language", "english")
                        .put("duration", (double) seconds)
                        .put("text", text)
                        .put("segments", new JsonArray().add(segment));
                return Answer.json(script, figures == null ? verbose : verbose.put("usage", figures));
            }
            default ->
                throw OpenAiFields.unknown(
                        "response_format", format, "'json', 'text', 'srt', 'verbose_json', and 'vtt'");
        }
        JsonObject whole = new JsonObject().put("text", text);
        JsonObject done = new JsonObject().put("type", "transcript.text.done").put("text", text);
        if (figures != null) {
            whole.put("usage", figures);
            done.put("usage", figures);
        }
        DeltaWriter writer = new DeltaWriter(
                whole,
                piece -> new JsonObject().put("type", "transcript.text.delta").put("delta", piece),
                done);
        return Answer.of(script, reply(call, model, pieces, usage), writer, form.isTrue("stream") && !byDuration);
    }

    private static Answer plain(Script script, String text) {
        return new Answer.Whole(script, "text/plain; charset=utf-8", Buffer.buffer(text));
    }

    private static String clock(long seconds) {
        return String.format("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static JsonObject duration(Script script, long seconds) {
        long reported = script.fault().is(Fault.Kind.ZERO_USAGE) ? 0 : seconds;
        return new JsonObject().put("type", "duration").put("seconds", reported);
    }

    private static JsonObject audioTokens(Usage usage) {
        return new JsonObject()
                .put("type", "tokens")
                .mergeIn(tokens(usage))
                .put(
                        "input_token_details",
                        new JsonObject().put("text_tokens", 0).put("audio_tokens", usage.prompt()));
    }

    private static JsonObject tokens(Usage usage) {
        return new JsonObject()
                .put("total_tokens", usage.total())
                .put("input_tokens", usage.prompt())
                .put("output_tokens", usage.completion());
    }

    private static Reply reply(Call call, String model, Pieces pieces, @Nullable Usage usage) {
        return new Reply(call.number(), model, List.of(Block.text(pieces)), Reply.Finish.STOP, usage);
    }

    /** The form, with the path's model in it. */
    private static Form form(Call call) {
        Form form = Form.read(call.body(), call.header("Content-Type"));
        if (call.model() != null) {
            form.fields().put("model", call.model());
        }
        return form;
    }
}
