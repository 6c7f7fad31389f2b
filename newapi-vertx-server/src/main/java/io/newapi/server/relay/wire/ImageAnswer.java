package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import java.io.IOException;

/** Reads whole answers with images, in OpenAI's format: how many there are, and what the provider counted. */
final class ImageAnswer {

    private ImageAnswer() {}

    /** Looks at an answer. It is an error if it says so, or if it has no image, and nothing was counted. */
    static AnswerFacts read(byte[] body) {
        Usage usage = null;
        boolean error = false;
        long images = 0;
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new AnswerFacts(false, false, null, 0);
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if (name.equals("usage") && token == JsonToken.START_OBJECT) {
                    usage = UsageReader.read(json, CompletionCount.WITH_REASONING);
                } else if (name.equals("data") && token == JsonToken.START_ARRAY) {
                    images = images(json);
                } else if (name.equals("error")) {
                    error |= UpstreamErrors.says(json);
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            return new AnswerFacts(false, false, usage, 0);
        }
        boolean counted = usage != null && !usage.isZero();
        return new AnswerFacts(true, (error || !counted) && images == 0, counted ? usage : null, 0, images);
    }

    /** An image that was not made has an error in its place. */
    private static long images(JsonParser json) throws IOException {
        long images = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            boolean failed = false;
            if (json.currentToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    boolean error = json.currentName().equals("error");
                    json.nextToken();
                    if (error) {
                        failed |= UpstreamErrors.says(json);
                    } else {
                        json.skipChildren();
                    }
                }
            } else {
                json.skipChildren();
            }
            images += failed ? 0 : 1;
        }
        return images;
    }
}
