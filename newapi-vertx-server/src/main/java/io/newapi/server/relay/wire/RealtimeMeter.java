package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.estimate.Estimate;
import io.newapi.core.estimate.TextEstimator;
import io.newapi.core.pricing.AudioUsage;
import io.newapi.core.pricing.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the messages of a live connection and sums up what its turns took: what the provider reports at the end of each, or,
 * where it reports nothing, what has passed. Keeps no text. A message that cannot be read counts nothing.
 *
 * <p>Names are those of OpenAI's realtime API, of its first form and of its present one. Not thread-safe.
 */
public final class RealtimeMeter {

    /** What a message of the provider means for the connection. */
    public enum Heard {
        /** Nothing but itself. */
        MESSAGE,
        /** A turn is over. */
        TURN_OVER,
        /** It says what went wrong. */
        ERROR
    }

    /** What New API counts for each tool, beside its text. */
    private static final int TOKENS_PER_TOOL = 8;

    /**
     * Bytes of sound for a token: a minute is taken for 1,666 tokens heard, and for half as many spoken; 24,000 samples a
     * second of two bytes each, or 8,000 of one.
     */
    private static final int PCM_BYTES_HEARD = 1728;

    private static final int TELEPHONE_BYTES_HEARD = 288;

    private final TextEstimator estimator;
    private int bytesHeardPerToken = PCM_BYTES_HEARD;
    private int bytesSpokenPerToken = 2 * PCM_BYTES_HEARD;
    private List<Long> toolTokens = List.of();

    private AudioUsage settled = AudioUsage.NONE;
    private boolean estimated;
    private long turnsOver;
    private long turnsUnderWay;
    private Passed passed;

    /** What has passed since the last turn was over. */
    private static final class Passed {
        private final Estimate heard;
        private final Estimate spoken;
        private long toolTokensHeard;
        private long soundBytesHeard;
        private long soundBytesSpoken;

        Passed(TextEstimator estimator) {
            heard = estimator.start();
            spoken = estimator.start();
        }
    }

    private interface Field {
        /** Looks at a value; what is left of it is skipped. */
        void value(String name, JsonParser json) throws IOException;
    }

    /** @param model decides how text is estimated */
    public RealtimeMeter(String model) {
        this.estimator = TextEstimator.forModel(model);
        this.passed = new Passed(estimator);
    }

    /** Looks at a message of the client. */
    public void fromClient(byte[] message) {
        switch (typeOf(message)) {
            case "session.update" ->
                read(message, (name, json) -> {
                    if (name.equals("session")) {
                        object(json, this::wanted);
                    }
                });
            case "input_audio_buffer.append" ->
                read(message, (name, json) -> {
                    if (name.equals("audio")) {
                        passed.soundBytesHeard += soundBytes(message, json);
                    }
                });
            default -> {}
        }
    }

    /** Looks at a message of the provider. */
    public Heard fromProvider(byte[] message) {
        switch (typeOf(message)) {
            case "session.created", "session.updated" ->
                read(message, (name, json) -> {
                    if (name.equals("session")) {
                        object(json, this::agreed);
                    }
                });
            case "conversation.item.created", "conversation.item.added" -> item(message);
            case "response.created" -> turnsUnderWay++;
            case "response.audio.delta", "response.output_audio.delta" ->
                read(message, (name, json) -> {
                    if (name.equals("delta")) {
                        passed.soundBytesSpoken += soundBytes(message, json);
                    }
                });
            case "response.text.delta",
                    "response.output_text.delta",
                    "response.audio_transcript.delta",
                    "response.output_audio_transcript.delta",
                    "response.function_call_arguments.delta" ->
                read(message, (name, json) -> {
                    if (name.equals("delta") && json.currentToken() == JsonToken.VALUE_STRING) {
                        passed.spoken.add(json.getText());
                    }
                });
            case "response.done" -> {
                turnOver(message);
                return Heard.TURN_OVER;
            }
            case "error" -> {
                return Heard.ERROR;
            }
            default -> {}
        }
        return Heard.MESSAGE;
    }

    /** Whether the provider is at work: what has passed since the last turn will be in the usage of this one. */
    public boolean isTurnUnderWay() {
        return turnsUnderWay > 0 || passed.soundBytesSpoken > 0 || passed.spoken.tokens() > 0;
    }

    /** What the turns took that are over, and what has passed of one that is under way. */
    public MeteredUsage metered() {
        return isTurnUnderWay() ? usage(plus(settled, counted()), true) : usage(settled, estimated);
    }

    private static MeteredUsage usage(AudioUsage all, boolean estimated) {
        Usage totals = Usage.of(
                Math.min(all.textInput() + all.audioInput(), Usage.MAX_COUNT),
                Math.min(all.textOutput() + all.audioOutput(), Usage.MAX_COUNT));
        return new MeteredUsage(totals, estimated, MeteredUsage.AS_ORDERED, all);
    }

    private void turnOver(byte[] message) {
        AudioUsage[] reported = new AudioUsage[1];
        read(message, (name, json) -> {
            if (name.equals("response")) {
                object(json, (inner, value) -> {
                    if (inner.equals("usage") && value.currentToken() == JsonToken.START_OBJECT) {
                        reported[0] = UsageReader.readTurn(value);
                    }
                });
            }
        });
        @Nullable AudioUsage turn = reported[0];
        if (turn == null) {
            if (turnsOver > 0) {
                toolTokens.forEach(tokens -> passed.toolTokensHeard += TOKENS_PER_TOOL + tokens);
            }
            turn = counted();
            estimated = true;
        }
        settled = plus(settled, turn);
        passed = new Passed(estimator);
        turnsOver++;
        turnsUnderWay = Math.max(0, turnsUnderWay - 1);
    }

    private AudioUsage counted() {
        return new AudioUsage(
                passed.heard.tokens() + passed.toolTokensHeard,
                passed.soundBytesHeard / bytesHeardPerToken,
                passed.spoken.tokens(),
                passed.soundBytesSpoken / bytesSpokenPerToken);
    }

    /** The sum; a count that no connection can have is cut. */
    private static AudioUsage plus(AudioUsage a, AudioUsage b) {
        return new AudioUsage(
                Math.min(a.textInput() + b.textInput(), Usage.MAX_COUNT),
                Math.min(a.audioInput() + b.audioInput(), Usage.MAX_COUNT),
                Math.min(a.textOutput() + b.textOutput(), Usage.MAX_COUNT),
                Math.min(a.audioOutput() + b.audioOutput(), Usage.MAX_COUNT));
    }

    // ---- the session ----

    private void wanted(String name, JsonParser json) throws IOException {
        if (name.equals("instructions") && json.currentToken() == JsonToken.VALUE_STRING) {
            passed.heard.add(json.getText());
        } else if (name.equals("tools") && json.currentToken() == JsonToken.START_ARRAY) {
            List<Long> tools = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                tools.add(textIn(json));
            }
            toolTokens = List.copyOf(tools);
        }
    }

    /** The tokens of all texts in a value, names of fields included. */
    private long textIn(JsonParser json) throws IOException {
        Estimate text = estimator.start();
        int depth = 0;
        do {
            JsonToken token = json.currentToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
                text.add(json.getText()).add(" ");
            }
        } while (depth > 0 && json.nextToken() != null);
        return text.tokens();
    }

    private void agreed(String name, JsonParser json) throws IOException {
        switch (name) {
            case "input_audio_format" -> bytesHeardPerToken = bytesHeard(json);
            case "output_audio_format" -> bytesSpokenPerToken = 2 * bytesHeard(json);
            case "audio" ->
                object(
                        json,
                        (side, sound) -> object(sound, (field, format) -> {
                            if (field.equals("format")) {
                                object(format, (part, value) -> {
                                    if (part.equals("type") && side.equals("input")) {
                                        bytesHeardPerToken = bytesHeard(value);
                                    } else if (part.equals("type") && side.equals("output")) {
                                        bytesSpokenPerToken = 2 * bytesHeard(value);
                                    }
                                });
                            }
                        }));
            default -> {}
        }
    }

    private static int bytesHeard(JsonParser format) throws IOException {
        boolean named = format.currentToken() == JsonToken.VALUE_STRING;
        boolean pcm =
                !named || format.getText().equals("pcm16") || format.getText().equals("audio/pcm");
        return pcm ? PCM_BYTES_HEARD : TELEPHONE_BYTES_HEARD;
    }

    private void item(byte[] message) {
        List<String> texts = new ArrayList<>();
        boolean[] other = new boolean[1];
        read(message, (name, json) -> {
            if (name.equals("item")) {
                object(json, (field, value) -> {
                    if (field.equals("type")) {
                        other[0] = !"message".equals(value.getText());
                    } else if (field.equals("content") && value.currentToken() == JsonToken.START_ARRAY) {
                        while (value.nextToken() != JsonToken.END_ARRAY) {
                            part(value, texts);
                        }
                    }
                });
            }
        });
        if (!other[0]) {
            texts.forEach(passed.heard::add);
        }
    }

    private static void part(JsonParser json, List<String> texts) throws IOException {
        String[] found = {"", ""};
        object(json, (name, value) -> {
            if (value.currentToken() == JsonToken.VALUE_STRING) {
                if (name.equals("type")) {
                    found[0] = value.getText();
                } else if (name.equals("text")) {
                    found[1] = value.getText();
                }
            }
        });
        if (found[0].equals("input_text")) {
            texts.add(found[1]);
        }
        json.skipChildren();
    }

    // ---- reading ----

    /** What a message is; empty if that cannot be read. */
    private static String typeOf(byte[] message) {
        try (JsonParser json = Json.FACTORY.createParser(message)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return "";
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean type = json.currentName().equals("type");
                JsonToken value = json.nextToken();
                if (type) {
                    return value == JsonToken.VALUE_STRING ? json.getText() : "";
                }
                json.skipChildren();
            }
            return "";
        } catch (IOException e) {
            return "";
        }
    }

    private static void read(byte[] message, Field field) {
        try (JsonParser json = Json.FACTORY.createParser(message)) {
            json.nextToken();
            object(json, field);
        } catch (IOException e) {
            // whatever was readable before the fault has counted
        }
    }

    private static void object(JsonParser json, Field field) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            field.value(name, json);
            json.skipChildren();
        }
    }

    /** The bytes of a text in base 64, which is not decoded for that. */
    private static long soundBytes(byte[] message, JsonParser json) {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            return 0;
        }
        long signs = 0;
        for (int i = (int) json.currentTokenLocation().getByteOffset() + 1;
                i < message.length && message[i] != '"';
                i++) {
            signs += message[i] == '\\' || message[i] == '=' ? 0 : 1;
        }
        return signs * 3 / 4;
    }
}
