package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** Meters streamed answers in Google's format. The chunk that says why the answer ends is its last. */
final class GeminiMeter extends StreamMeter {

    private final GeminiText text;
    private boolean blocked;

    GeminiMeter(String model) {
        this(new GeminiText(model));
    }

    private GeminiMeter(GeminiText text) {
        super(text);
        this.text = text;
    }

    @Override
    Verdict look(byte[] bytes, int start, int end) {
        Usage report = null;
        boolean error = false;
        try (JsonParser json = Json.FACTORY.createParser(bytes, start, end - start)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Verdict.PASS;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                switch (name) {
                    case "candidates" -> text.candidates(json);
                    case "usageMetadata" -> {
                        if (token == JsonToken.START_OBJECT) {
                            report = GeminiUsage.read(json);
                        } else {
                            json.skipChildren();
                        }
                    }
                    case "promptFeedback" -> blocked |= GeminiAnswer.isBlocked(json);
                    case "error" -> error |= UpstreamErrors.says(json);
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            return Verdict.MALFORMED;
        }
        if (error) {
            return Verdict.ERROR;
        }
        if (report != null) {
            reported(report, complete());
        }
        return complete() ? Verdict.LAST : Verdict.PASS;
    }

    @Override
    boolean complete() {
        return blocked || text.saidWhy();
    }

    @Override
    Buffer ending(byte[] lastEvent, Ending facts, Usage charged) {
        return Buffer.buffer(lastEvent);
    }
}
