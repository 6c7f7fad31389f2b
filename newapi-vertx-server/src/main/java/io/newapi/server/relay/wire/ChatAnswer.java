package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer in OpenAI's chat format, looked at once for its usage.
 *
 * @param readable whether it is a JSON object at all
 * @param error whether it is an error in spite of its status: an {@code error} and no choice
 * @param usage what the upstream reported, or null
 * @param estimatedCompletionTokens what its text amounts to
 */
public record ChatAnswer(
        boolean readable, boolean error, @Nullable Usage usage, long estimatedCompletionTokens) {

    /** Looks at an answer. */
    public static ChatAnswer read(byte[] body, String model, CompletionCount counting) {
        Usage usage = null;
        boolean error = false;
        boolean choices = false;
        ChatText text = new ChatText(model);
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new ChatAnswer(false, false, null, 0);
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if (name.equals("usage") && token == JsonToken.START_OBJECT) {
                    usage = UsageReader.read(json, counting);
                } else if (name.equals("choices")) {
                    text.choices(json);
                    choices = text.lastChoices() > 0;
                } else if (name.equals("error")) {
                    error |= UpstreamErrors.says(json);
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            return new ChatAnswer(false, false, usage, text.tokens());
        }
        return new ChatAnswer(true, error && !choices, usage, text.tokens());
    }

    /** What to charge: the upstream's figures, or the estimate where it gave none. */
    public MeteredUsage metered(long estimatedPromptTokens) {
        return usage != null
                ? new MeteredUsage(usage, false)
                : new MeteredUsage(Usage.of(estimatedPromptTokens, estimatedCompletionTokens), true);
    }
}
