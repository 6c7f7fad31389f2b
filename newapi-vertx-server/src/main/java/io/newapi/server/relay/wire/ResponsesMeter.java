package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * Meters streamed answers in OpenAI's responses format (API reference, "Streaming events"): text comes in events whose type ends
 * with {@code .delta}, and the last event holds the whole response with its usage.
 */
final class ResponsesMeter extends StreamMeter {

    private final ResponsesText text;
    private boolean complete;

    ResponsesMeter(String model) {
        this(new ResponsesText(model));
    }

    private ResponsesMeter(ResponsesText text) {
        super(text);
        this.text = text;
    }

    @Override
    Verdict look(byte[] bytes, int start, int end) {
        String type = "";
        String delta = "";
        boolean error = false;
        try (JsonParser json = Json.FACTORY.createParser(bytes, start, end - start)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Verdict.PASS;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                switch (name) {
                    case "type" -> type = token == JsonToken.VALUE_STRING ? json.getText() : type;
                    case "delta" -> {
                        delta = token == JsonToken.VALUE_STRING ? json.getText() : delta;
                        json.skipChildren();
                    }
                    case "response" -> text.response(json, false);
                    case "error" -> error |= UpstreamErrors.says(json);
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            return Verdict.MALFORMED;
        }
        if (error || type.equals("error")) {
            return Verdict.ERROR;
        }
        if (type.endsWith(".delta")) {
            text.piece(delta);
        }
        return ended(type);
    }

    private Verdict ended(String type) {
        boolean last = type.equals("response.completed")
                || type.equals("response.incomplete")
                || type.equals("response.cancelled");
        boolean failed = type.equals("response.failed");
        Usage usage = text.usage();
        if (usage != null) {
            reported(usage, last || failed);
        }
        if (failed && usage == null) {
            return Verdict.ERROR;
        }
        complete |= last || failed;
        return complete ? Verdict.LAST : Verdict.PASS;
    }

    @Override
    boolean complete() {
        return complete;
    }

    @Override
    Buffer ending(byte[] lastEvent, Ending facts, Usage charged) {
        return Buffer.buffer(lastEvent);
    }
}
