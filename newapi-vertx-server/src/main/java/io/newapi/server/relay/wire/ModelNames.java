package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The model list in each client format. */
public enum ModelNames {
    /** OpenAI's {@code list} object. */
    OPENAI {
        @Override
        void list(JsonGenerator json, SortedMap<String, List<String>> models) throws IOException {
            json.writeBooleanField("success", true);
            json.writeStringField("object", "list");
            json.writeArrayFieldStart("data");
            objects(json, models);
            json.writeEndArray();
        }

        @Override
        void model(JsonGenerator json, String model, List<String> endpoints) throws IOException {
            json.writeStringField("id", model);
            json.writeStringField("object", "model");
            json.writeNumberField("created", CREATED_SECONDS);
            json.writeStringField("owned_by", "custom");
            json.writeArrayFieldStart("supported_endpoint_types");
            for (String endpoint : endpoints) {
                json.writeString(endpoint);
            }
            json.writeEndArray();
        }
    },

    /** Anthropic's page of models. */
    ANTHROPIC {
        @Override
        void list(JsonGenerator json, SortedMap<String, List<String>> models) throws IOException {
            json.writeArrayFieldStart("data");
            objects(json, models);
            json.writeEndArray();
            json.writeBooleanField("has_more", false);
            if (models.isEmpty()) {
                json.writeNullField("first_id");
                json.writeNullField("last_id");
            } else {
                json.writeStringField("first_id", models.firstKey());
                json.writeStringField("last_id", models.lastKey());
            }
        }

        @Override
        void model(JsonGenerator json, String model, List<String> endpoints) throws IOException {
            json.writeStringField("id", model);
            json.writeStringField("created_at", "2021-07-20T10:40:00Z");
            json.writeStringField("display_name", model);
            json.writeStringField("type", "model");
        }
    },

    /** Google's list; names begin with {@code models/}. */
    GEMINI {
        @Override
        void list(JsonGenerator json, SortedMap<String, List<String>> models) throws IOException {
            json.writeArrayFieldStart("models");
            objects(json, models);
            json.writeEndArray();
        }

        @Override
        void model(JsonGenerator json, String model, List<String> endpoints) throws IOException {
            json.writeStringField("name", "models/" + model);
            json.writeStringField("displayName", model);
            json.writeArrayFieldStart("supportedGenerationMethods");
            for (String method : methods(model)) {
                json.writeString(method);
            }
            json.writeEndArray();
        }
    };

    /** The time that every model is said to be made, as the original says it. */
    private static final long CREATED_SECONDS = 1_626_777_600;

    /** The list that clients of {@code format} read. */
    public static ModelNames of(ClientFormat format) {
        return switch (format) {
            case OPENAI -> OPENAI;
            case ANTHROPIC -> ANTHROPIC;
            case GEMINI -> GEMINI;
        };
    }

    /** The list of models, each with the kinds of endpoint by which it can be called. */
    public Buffer list(SortedMap<String, List<String>> models) {
        return object(json -> list(json, models));
    }

    /** One model, with the kinds of endpoint by which it can be called. */
    public Buffer single(String model, List<String> endpoints) {
        return object(json -> model(json, model, endpoints));
    }

    final void objects(JsonGenerator json, SortedMap<String, List<String>> models) throws IOException {
        for (Map.Entry<String, List<String>> model : models.entrySet()) {
            json.writeStartObject();
            model(json, model.getKey(), model.getValue());
            json.writeEndObject();
        }
    }

    private static List<String> methods(String model) {
        return switch (ModelKind.of(model)) {
            case CONVERSATION -> List.of("generateContent", "streamGenerateContent", "countTokens");
            case EMBEDDING -> List.of("embedContent", "batchEmbedContents");
            default -> List.of();
        };
    }

    abstract void list(JsonGenerator json, SortedMap<String, List<String>> models) throws IOException;

    abstract void model(JsonGenerator json, String model, List<String> endpoints) throws IOException;

    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    private static Buffer object(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            content.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
