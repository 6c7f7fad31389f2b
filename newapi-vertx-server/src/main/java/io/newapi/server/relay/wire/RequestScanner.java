package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.estimate.Estimate;
import io.newapi.core.estimate.TextEstimator;
import io.newapi.server.relay.wire.ClientRequest.Scan;
import java.io.IOException;
import java.io.Serial;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the bytes of a request. Subclasses know what the fields of their format are; here is what all have: a model, text
 * that is counted as it comes by, and fields that must not stand there twice.
 */
abstract class RequestScanner {

    /** A count of text units above this is a mistake or an attack. */
    static final long MAX_TOKENS_LIMIT = (1L << 30) - 1;

    static final long IMAGE_TOKENS = 520;
    static final long AUDIO_TOKENS = 256;
    static final long VIDEO_TOKENS = 8192;
    static final long FILE_TOKENS = 4096;

    /** More answers to one question are a mistake or an attack. */
    static final int MAX_CHOICES = 128;

    static final int MAX_MODEL_CHARS = 255;

    /** The longest of the words that decide about a price. */
    static final int MAX_WORD_CHARS = 100;

    private static final int MAX_EFFORT_CHARS = 20;

    final Content body;
    final List<Guarded> guarded = new ArrayList<>();
    private final List<String> single;
    private int seen;
    private @Nullable Estimate estimate;

    String model = "";
    private String defaultModel = "";

    private final List<ModelPlace> modelPlaces = new ArrayList<>(1);
    private @Nullable UsageSwitch usageSwitch;
    boolean usageWanted;
    boolean stream;
    String reasoningEffort = "";
    long extraTokens;

    /** @param single the fields that decide about route or price */
    RequestScanner(Content body, String... single) {
        this.body = body;
        this.single = Stream.concat(
                        Arrays.stream(single),
                        Arrays.stream(GuardedField.values()).map(GuardedField::text))
                .toList();
    }

    /** Looks at the value of a field of the body. */
    abstract void field(String name, JsonParser json) throws IOException;

    /** What came of it, when all fields were seen. */
    abstract Scan understood(int afterBrace);

    /** Looks at all of it. */
    final Scan scan() {
        if (body.length() == 0) {
            return refuse("", "the request has no body");
        }
        if (startsLikeOtherEncoding()) {
            return refuse("", "the body must be JSON in UTF-8, without a byte order mark");
        }
        try (JsonParser json = Json.parser(body)) {
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
                noted(name, start, end, endBefore);
                endBefore = end;
            }
            if (json.nextToken() != null) {
                return refuse("", "the body goes on behind the JSON object");
            }
            return checked(afterBrace);
        } catch (FieldFault e) {
            return refuse(e.param, e.reason);
        } catch (IOException e) {
            return refuse("", "the body is not valid JSON" + place(e));
        }
    }

    /** Remembers where a guarded field stands; others are none of ours. */
    final void noted(String name, int start, int end, int endBefore) {
        GuardedField.of(name).ifPresent(it -> guarded.add(new Guarded(it, start, end, endBefore, -1)));
    }

    /** Tells a guarded field that another one stands behind it. */
    final void followed(int start, int endBefore) {
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
        byte[] head = new byte[Math.min(2, body.length())];
        body.read(0, head, 0, head.length);
        int first = head[0] & 0xff;
        return first == 0 || first == 0xef || first >= 0xfe || (head.length > 1 && head[1] == 0);
    }

    /**
     * Refuses a second value, and another way to write the name: some programs, those in Go among them, take no notice
     * of letter case, and would believe the other value.
     */
    private void once(String name) {
        for (int i = 0; i < single.size(); i++) {
            String known = single.get(i);
            if (name.length() != known.length() || !name.equalsIgnoreCase(known)) {
                continue;
            }
            if (!name.equals(known)) {
                throw new FieldFault(known, "the field " + known + " must be written in small letters");
            }
            if ((seen & 1 << i) != 0) {
                throw new FieldFault(known, "the field " + known + " stands in the body twice");
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

    private Scan checked(int afterBrace) {
        if (model.isEmpty() && modelPlaces.isEmpty() && !defaultModel.isEmpty()) {
            model = defaultModel;
            modelPlaces.add(ModelPlace.missingInJson(afterBrace));
        }
        if (model.isBlank()) {
            return refuse("model", "the field model is missing");
        }
        if (model.length() > MAX_MODEL_CHARS) {
            return refuse("model", "the field model has more than " + MAX_MODEL_CHARS + " characters");
        }
        return understood(afterBrace);
    }

    /** The text units of all that was counted. */
    final long promptTokens() {
        return (estimate == null ? 0 : estimate.tokens()) + extraTokens;
    }

    final void model(JsonParser json) throws IOException {
        model = string("model", json);
        json.finishToken();
        modelPlaces.add(ModelPlace.ofJson(spanOf(json), ""));
    }

    /** The model's name in a body whose model is named by the path; it must be the same. */
    final void modelAgain(String param, String prefix, JsonParser json) throws IOException {
        String named = string(param, json);
        boolean prefixed = named.startsWith(prefix);
        if (!(prefixed ? named.substring(prefix.length()) : named).equals(model)) {
            throw new FieldFault(param, "the field " + param + " names another model than the path");
        }
        json.finishToken();
        modelPlaces.add(ModelPlace.ofJson(spanOf(json), prefixed ? prefix : ""));
    }

    /** The model of a request that names none. */
    final void modelOtherwise(String name) {
        defaultModel = name;
    }

    /** What is known of a request in this format, of all that formats have in common. */
    final Found found(WireFormat format) {
        return new Found(format, body, model)
                .modelAt(modelPlaces).stream(stream)
                        .effort(reasoningEffort)
                        .guarded(guarded)
                        .prompt(promptTokens());
    }

    /** How to ask for the usage of a stream. */
    final UsageSwitch usageSwitch(int afterBrace) {
        return usageSwitch == null ? UsageSwitch.newField(afterBrace) : usageSwitch;
    }

    /** Reads OpenAI's {@code stream_options}. */
    final void streamOptions(JsonParser json) throws IOException {
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
        int endBefore = -1;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            int start = (int) json.currentTokenLocation().getByteOffset();
            followed(start, endBefore);
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
                json.finishToken();
            }
            int end = (int) json.currentLocation().getByteOffset();
            noted(name, start, end, endBefore);
            endBefore = end;
        }
        usageSwitch = flag == null ? UsageSwitch.intoObject(afterBrace, endBefore < 0) : flag;
    }

    static Span spanOf(JsonParser json) {
        return new Span((int) json.currentTokenLocation().getByteOffset(), (int)
                json.currentLocation().getByteOffset());
    }

    /** Counts every name and text of a value: what a schema costs is close to its text. */
    final void allTexts(JsonParser json) throws IOException {
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

    final void piece(JsonParser json) throws IOException {
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
        try (JsonParser json = Json.parser(body)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = json.currentName().equals("model");
                if (json.nextToken() == JsonToken.VALUE_STRING && found) {
                    return json.getText();
                }
                json.skipChildren();
            }
        }
        return defaultModel;
    }

    static String string(String name, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new FieldFault(name, "the field " + name + " must be a string");
        }
        return json.getText();
    }

    static boolean bool(String name, JsonParser json) {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw new FieldFault(name, "the field " + name + " must be true or false");
        };
    }

    /** How many answers are wanted. */
    static int choices(String name, JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return 1;
        }
        BigInteger value =
                json.currentToken() == JsonToken.VALUE_NUMBER_INT ? json.getBigIntegerValue() : BigInteger.ZERO;
        if (value.signum() <= 0 || value.compareTo(BigInteger.valueOf(MAX_CHOICES)) > 0) {
            throw new FieldFault(name, "the field " + name + " must be a whole number from 1 to " + MAX_CHOICES);
        }
        return value.intValue();
    }

    /** What is no text is the upstream's business. */
    final void effort(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            String text = json.getText();
            reasoningEffort = text.length() <= MAX_EFFORT_CHARS ? text : text.substring(0, MAX_EFFORT_CHARS);
        } else {
            json.skipChildren();
        }
    }

    /** How much the model is to think, where an object says that. */
    final void effortIn(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean effort = json.currentName().equals("effort");
            json.nextToken();
            if (effort) {
                effort(json);
            } else {
                json.skipChildren();
            }
        }
    }

    static long count(String name, JsonParser json) throws IOException {
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

    static Scan refuse(String param, String reason) {
        return new Scan.Refused(RelayError.badRequest("invalid_request", param, reason));
    }

    /** Leaves the scan from any depth; carries no stack trace. */
    static final class FieldFault extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private final String param;
        private final String reason;

        FieldFault(String param, String reason) {
            super(reason, null, false, false);
            this.param = param;
            this.reason = reason;
        }

        String param() {
            return param;
        }

        String reason() {
            return reason;
        }
    }
}
