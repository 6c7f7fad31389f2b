package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.estimate.Estimate;
import io.newapi.core.estimate.TextEstimator;
import io.newapi.server.relay.wire.ChatRequest.Guarded;
import io.newapi.server.relay.wire.ChatRequest.Scan;
import io.newapi.server.relay.wire.ChatRequest.Span;
import io.newapi.server.relay.wire.ChatRequest.UsageSwitch;
import java.io.IOException;
import java.io.Serial;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One pass over the bytes of a chat request. */
final class ChatRequestScanner {

    /** A count of text units above this is a mistake or an attack. */
    private static final long MAX_TOKENS_LIMIT = (1L << 30) - 1;

    private static final int MAX_MODEL_CHARS = 255;
    private static final long IMAGE_TOKENS = 520;
    private static final long AUDIO_TOKENS = 256;
    private static final long VIDEO_TOKENS = 8192;
    private static final long FILE_TOKENS = 4096;
    private static final long TOKENS_PER_TOOL = 8;
    private static final long TOKENS_PER_MESSAGE = 3;
    private static final long TOKENS_PER_NAME = 3;
    private static final long TOKENS_PER_REQUEST = 3;

    /** More answers to one question are a mistake or an attack. */
    private static final int MAX_CHOICES = 128;

    private static final int MAX_EFFORT_CHARS = 20;

    /** Fields that decide about route or price. */
    private static final List<String> SINGLE = Stream.concat(
                    Stream.of(
                            "model",
                            "stream",
                            "stream_options",
                            "max_tokens",
                            "max_completion_tokens",
                            "messages",
                            "n"),
                    Arrays.stream(GuardedField.values()).map(GuardedField::text))
            .toList();

    private final byte[] body;
    private int seen;
    private @Nullable Estimate estimate;

    private String model = "";
    private Span modelSpan = new Span(0, 0);
    private boolean stream;
    private @Nullable UsageSwitch usageSwitch;
    private boolean usageWanted;
    private long maxTokens;
    private long maxCompletionTokens;
    private int messages;
    private long extraTokens;
    private boolean prefixGiven;
    private int choices = 1;
    private String reasoningEffort = "";
    private final List<Guarded> guarded = new ArrayList<>();

    ChatRequestScanner(byte[] body) {
        this.body = body;
    }

    Scan scan() {
        if (body.length == 0) {
            return refuse("", "the request has no body");
        }
        if (startsLikeOtherEncoding()) {
            return refuse("", "the body must be JSON in UTF-8, without a byte order mark");
        }
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return refuse("", "the body must be a JSON object");
            }
            int afterBrace = (int) json.currentLocation().getByteOffset();
            int endBefore = -1;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                once(name);
                int start = (int) json.currentTokenLocation().getByteOffset();
                followed(start, endBefore);
                json.nextToken();
                field(name, json);
                json.finishToken();
                int end = (int) json.currentLocation().getByteOffset();
                int before = endBefore;
                GuardedField.of(name).ifPresent(it -> guarded.add(new Guarded(it, start, end, before, -1)));
                endBefore = end;
            }
            if (json.nextToken() != null) {
                return refuse("", "the body goes on behind the JSON object");
            }
            return check(afterBrace);
        } catch (FieldFault e) {
            return refuse(e.param, e.reason);
        } catch (IOException e) {
            return refuse("", "the body is not valid JSON" + place(e));
        }
    }

    /** Tells a guarded field that another one stands behind it. */
    private void followed(int start, int endBefore) {
        if (!guarded.isEmpty()) {
            Guarded last = guarded.get(guarded.size() - 1);
            if (last.end() == endBefore) {
                guarded.set(
                        guarded.size() - 1,
                        new Guarded(last.field(), last.start(), last.end(), last.endBefore(), start));
            }
        }
    }

    /** A zero byte, or the beginning of a byte order mark. */
    private boolean startsLikeOtherEncoding() {
        int first = body[0] & 0xff;
        return first == 0 || first == 0xef || first >= 0xfe || (body.length > 1 && body[1] == 0);
    }

    /**
     * Refuses a second value, and another way to write the name: some programs, those in Go among them, take no notice
     * of letter case, and would believe the other value.
     */
    private void once(String name) {
        for (int i = 0; i < SINGLE.size(); i++) {
            String single = SINGLE.get(i);
            if (name.length() != single.length() || !name.equalsIgnoreCase(single)) {
                continue;
            }
            if (!name.equals(single)) {
                throw new FieldFault(single, "the field " + single + " must be written in small letters");
            }
            if ((seen & 1 << i) != 0) {
                throw new FieldFault(single, "the field " + single + " stands in the body twice");
            }
            seen |= 1 << i;
        }
    }

    private static String place(IOException e) {
        return e instanceof JsonProcessingException json && json.getLocation() != null
                ? " at line " + json.getLocation().getLineNr() + ", column "
                        + json.getLocation().getColumnNr()
                : "";
    }

    private Scan check(int afterBrace) {
        if (model.isBlank()) {
            return refuse("model", "the field model is missing");
        }
        if (model.length() > MAX_MODEL_CHARS) {
            return refuse("model", "the field model has more than " + MAX_MODEL_CHARS + " characters");
        }
        if (messages == 0 && !prefixGiven) {
            return refuse("messages", "the field messages is missing or empty");
        }
        long prompt = (estimate == null ? 0 : estimate.tokens()) + extraTokens + TOKENS_PER_REQUEST;
        return new Scan.Understood(new ChatRequest(
                body,
                model,
                modelSpan,
                stream,
                usageSwitch == null ? UsageSwitch.newField(afterBrace) : usageSwitch,
                usageWanted,
                Math.max(maxTokens, maxCompletionTokens),
                choices,
                reasoningEffort,
                guarded,
                prompt));
    }

    private void field(String name, JsonParser json) throws IOException {
        switch (name) {
            case "model" -> {
                model = string(name, json);
                json.finishToken();
                modelSpan = spanOf(json);
            }
            case "stream" -> stream = bool(name, json);
            case "stream_options" -> streamOptions(json);
            case "max_tokens" -> maxTokens = count(name, json);
            case "max_completion_tokens" -> maxCompletionTokens = count(name, json);
            case "n" -> choices = choices(json);
            case "reasoning_effort" -> effort(json);
            case "messages" -> messages(json);
            case "tools", "functions" -> tools(json);
            case "prefix", "suffix" -> {
                prefixGiven = true;
                json.skipChildren();
            }
            default -> json.skipChildren();
        }
    }

    private static Span spanOf(JsonParser json) {
        return new Span((int) json.currentTokenLocation().getByteOffset(), (int)
                json.currentLocation().getByteOffset());
    }

    private void streamOptions(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            json.finishToken();
            Span span = spanOf(json);
            usageSwitch = UsageSwitch.inPlaceOfNull(span.start(), span.end());
            return;
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new FieldFault("stream_options", "the field stream_options must be an object");
        }
        int afterBrace = (int) json.currentLocation().getByteOffset();
        UsageSwitch flag = null;
        boolean empty = true;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            empty = false;
            String name = json.currentName();
            boolean wanted = name.equalsIgnoreCase("include_usage");
            if (wanted && !name.equals("include_usage")) {
                throw new FieldFault("stream_options", "the field include_usage must be written in small letters");
            }
            json.nextToken();
            if (wanted && flag != null) {
                throw new FieldFault("stream_options", "the field include_usage stands in stream_options twice");
            } else if (wanted) {
                usageWanted = bool("stream_options.include_usage", json);
                json.finishToken();
                flag = UsageSwitch.inPlaceOfFlag(
                        spanOf(json).start(), spanOf(json).end());
            } else {
                json.skipChildren();
            }
        }
        usageSwitch = flag == null ? UsageSwitch.intoObject(afterBrace, empty) : flag;
    }

    private void messages(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new FieldFault("messages", "the field messages must be an array");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw new FieldFault("messages", "each of messages must be an object");
            }
            messages++;
            extraTokens += TOKENS_PER_MESSAGE;
            message(json);
        }
    }

    private void message(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            switch (name) {
                case "role" -> piece(json);
                case "name" -> {
                    piece(json);
                    extraTokens += TOKENS_PER_NAME;
                }
                case "content", "reasoning_content" -> {
                    if (token == JsonToken.START_ARRAY) {
                        parts(json);
                    } else {
                        piece(json);
                    }
                }
                case "tool_calls" -> allTexts(json);
                default -> json.skipChildren();
            }
        }
    }

    private void parts(JsonParser json) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                continue;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "text" -> piece(json);
                    case "image_url" -> media(json, IMAGE_TOKENS);
                    case "input_audio" -> media(json, AUDIO_TOKENS);
                    case "video_url" -> media(json, VIDEO_TOKENS);
                    case "file" -> media(json, FILE_TOKENS);
                    default -> json.skipChildren();
                }
            }
        }
    }

    private void media(JsonParser json, long tokens) throws IOException {
        extraTokens += tokens;
        json.skipChildren();
    }

    private void tools(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            extraTokens += TOKENS_PER_TOOL;
            allTexts(json);
        }
    }

    /** Counts every name and text of a value: what a schema costs is close to its text. */
    private void allTexts(JsonParser json) throws IOException {
        if (!json.currentToken().isStructStart()) {
            piece(json);
            return;
        }
        for (int depth = 1; depth > 0; ) {
            JsonToken token = json.nextToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
                count(json);
            }
        }
    }

    private void piece(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            count(json);
        } else {
            json.skipChildren();
        }
    }

    private void count(JsonParser json) throws IOException {
        Estimate counting = estimate;
        if (counting == null) {
            counting = TextEstimator.forModel(model.isEmpty() ? modelAhead() : model)
                    .start();
            estimate = counting;
        }
        counting.add(json.getText()).add("\n");
    }

    /** The model of a request that names it behind its text: text is weighed as it comes by, and never kept. */
    private String modelAhead() throws IOException {
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = json.currentName().equals("model");
                if (json.nextToken() == JsonToken.VALUE_STRING && found) {
                    return json.getText();
                }
                json.skipChildren();
            }
        }
        return "";
    }

    private static String string(String name, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new FieldFault(name, "the field " + name + " must be a string");
        }
        return json.getText();
    }

    private static boolean bool(String name, JsonParser json) {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw new FieldFault(name, "the field " + name + " must be true or false");
        };
    }

    private static int choices(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return 1;
        }
        BigInteger value =
                json.currentToken() == JsonToken.VALUE_NUMBER_INT ? json.getBigIntegerValue() : BigInteger.ZERO;
        if (value.signum() <= 0 || value.compareTo(BigInteger.valueOf(MAX_CHOICES)) > 0) {
            throw new FieldFault("n", "the field n must be a whole number from 1 to " + MAX_CHOICES);
        }
        return value.intValue();
    }

    /** What is no text is the upstream's business. */
    private void effort(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            String text = json.getText();
            reasoningEffort = text.length() <= MAX_EFFORT_CHARS ? text : text.substring(0, MAX_EFFORT_CHARS);
        } else {
            json.skipChildren();
        }
    }

    private static long count(String name, JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return 0;
        }
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new FieldFault(name, "the field " + name + " must be a whole number");
        }
        BigInteger value = json.getBigIntegerValue();
        if (value.signum() < 0 || value.bitLength() > 31 || value.longValue() > MAX_TOKENS_LIMIT) {
            throw new FieldFault(name, "the field " + name + " must be from 0 to " + MAX_TOKENS_LIMIT + ": " + value);
        }
        return value.longValue();
    }

    private static Scan refuse(String param, String reason) {
        return new Scan.Refused(RelayError.badRequest("invalid_request", param, reason));
    }

    /** Leaves the scan from any depth; carries no stack trace. */
    private static final class FieldFault extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private final String param;
        private final String reason;

        private FieldFault(String param, String reason) {
            super(reason, null, false, false);
            this.param = param;
            this.reason = reason;
        }
    }
}
