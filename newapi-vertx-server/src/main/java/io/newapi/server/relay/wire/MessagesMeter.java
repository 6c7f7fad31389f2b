package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** Meters streamed answers in Anthropic's format. */
final class MessagesMeter extends StreamMeter {

    private static final String STOP = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private final MessagesText text;
    private final AnthropicUsage usage = new AnthropicUsage();
    private boolean saidWhy;

    MessagesMeter(String model) {
        this(new MessagesText(model));
    }

    private MessagesMeter(MessagesText text) {
        super(text);
        this.text = text;
    }

    @Override
    Verdict look(byte[] bytes, int start, int end) {
        String type = "";
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
                    case "message" -> message(json);
                    case "content_block" -> text.block(json);
                    case "delta" -> delta(json);
                    case "usage" -> usage(json, true);
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
        return type.equals("message_stop") ? Verdict.LAST : Verdict.PASS;
    }

    private void message(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean reports = json.currentName().equals("usage");
            json.nextToken();
            if (reports) {
                usage(json, false);
            } else {
                json.skipChildren();
            }
        }
    }

    private void usage(JsonParser json, boolean isFinal) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        Usage report = usage.add(json);
        if (report != null) {
            reported(report, isFinal);
        }
    }

    private void delta(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (name.equals("stop_reason")) {
                saidWhy |= token == JsonToken.VALUE_STRING;
                json.skipChildren();
            } else {
                text.written(name, json);
            }
        }
    }

    @Override
    boolean complete() {
        return saidWhy;
    }

    @Override
    Buffer ending(byte[] lastEvent, Ending facts, Usage charged) {
        return Buffer.buffer(STOP);
    }
}
