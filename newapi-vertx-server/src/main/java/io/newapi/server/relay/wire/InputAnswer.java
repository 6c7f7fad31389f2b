package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers to what was handed in, where only what was read is counted: embeddings, moderations, reranking. Vendors say it
 * as {@code usage.prompt_tokens}, as {@code usage.total_tokens}, or in {@code meta} (Cohere's {@code billed_units}, SiliconFlow's
 * {@code tokens}).
 */
final class InputAnswer {

    private InputAnswer() {}

    /**
     * Looks at an answer. It is an error if it says so and has cost nothing.
     *
     * @param counts the names under which the format counts what was read, the best first
     */
    static AnswerFacts read(byte[] body, String... counts) {
        Usage usage = null;
        boolean error = false;
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new AnswerFacts(false, false, null, 0);
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if ((name.equals("usage") || name.equals("usageMetadata")) && token == JsonToken.START_OBJECT) {
                    usage = orElse(UsageReader.readInput(json, counts), usage);
                } else if (name.equals("meta") && token == JsonToken.START_OBJECT) {
                    usage = orElse(usage, meta(json, counts));
                } else if (name.equals("error")) {
                    error |= UpstreamErrors.says(json);
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            return new AnswerFacts(false, false, usage, 0);
        }
        return new AnswerFacts(true, error && usage == null, usage, 0);
    }

    private static @Nullable Usage meta(JsonParser json, String... counts) throws IOException {
        Usage usage = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if ((name.equals("tokens") || name.equals("billed_units")) && token == JsonToken.START_OBJECT) {
                usage = orElse(usage, UsageReader.readInput(json, counts));
            } else {
                json.skipChildren();
            }
        }
        return usage;
    }

    private static @Nullable Usage orElse(@Nullable Usage first, @Nullable Usage second) {
        return first != null ? first : second;
    }
}
