package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.ImageOrder;
import io.newapi.server.relay.wire.ClientRequest.Scan;
import java.io.IOException;
import java.math.BigInteger;

/** One pass over the bytes of a request for images, in OpenAI's format. What they cost is decided by how many, how large and how good. */
final class ImagesRequestScanner extends RequestScanner {

    private final WireFormat format;
    private long count;
    private String size = "";
    private String quality = "";

    /** @param defaultModel of requests that name none; may be empty */
    ImagesRequestScanner(WireFormat format, Content body, String defaultModel) {
        super(body, "model", "n", "size", "quality", "stream", "prompt");
        this.format = format;
        modelOtherwise(defaultModel);
    }

    @Override
    Scan understood(int afterBrace) {
        try {
            return found(format)
                    .images(ImageOrder.of(model, count, size, quality))
                    .understood();
        } catch (IllegalArgumentException e) {
            return refuse("size", String.valueOf(e.getMessage()));
        }
    }

    @Override
    void field(String name, JsonParser json) throws IOException {
        switch (name) {
            case "model" -> model(json);
            case "n" -> count = images(json);
            case "size" -> size = word(name, json);
            case "quality" -> quality = word(name, json);
            case "stream" -> stream = bool(name, json);
            case "prompt" -> piece(json);
            case "image", "images" -> pictures(json);
            default -> json.skipChildren();
        }
    }

    /** 0 for what the provider is to decide. */
    private static long images(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return 0;
        }
        BigInteger value =
                json.currentToken() == JsonToken.VALUE_NUMBER_INT ? json.getBigIntegerValue() : BigInteger.ONE.negate();
        if (value.signum() < 0 || value.compareTo(BigInteger.valueOf(ImageOrder.MAX_COUNT)) > 0) {
            throw new FieldFault("n", "the field n must be a whole number from 1 to " + ImageOrder.MAX_COUNT);
        }
        return value.longValue();
    }

    private static String word(String name, JsonParser json) throws IOException {
        String word = json.currentToken() == JsonToken.VALUE_NULL ? "" : string(name, json);
        if (word.length() > MAX_WORD_CHARS) {
            throw new FieldFault(name, "the field " + name + " is too long");
        }
        return word;
    }

    /** Images to be changed, one or a list. */
    private void pictures(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            extraTokens += json.currentToken() == JsonToken.VALUE_NULL ? 0 : IMAGE_TOKENS;
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            extraTokens += IMAGE_TOKENS;
            json.skipChildren();
        }
    }
}
