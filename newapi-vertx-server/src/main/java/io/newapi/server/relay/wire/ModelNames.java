package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SortedSet;

/** The model list in each client format. */
public enum ModelNames {
    /** OpenAI's {@code list} object. */
    OPENAI {
        @Override
        void list(JsonGenerator json, SortedSet<String> models) throws IOException {
            json.writeBooleanField("success", true);
            json.writeStringField("object", "list");
            json.writeArrayFieldStart("data");
            for (String model : models) {
                json.writeStartObject();
                model(json, model);
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        @Override
        void model(JsonGenerator json, String model) throws IOException {
            json.writeStringField("id", model);
            json.writeStringField("object", "model");
            json.writeNumberField("created", CREATED_SECONDS);
            json.writeStringField("owned_by", "custom");
            json.writeArrayFieldStart("supported_endpoint_types");
            json.writeString("openai");
            json.writeEndArray();
        }
    },

    /** Anthropic's page of models. */
    ANTHROPIC {
        @Override
        void list(JsonGenerator json, SortedSet<String> models) throws IOException {
            json.writeArrayFieldStart("data");
            for (String model : models) {
                json.writeStartObject();
                model(json, model);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeBooleanField("has_more", false);
            if (models.isEmpty()) {
                json.writeNullField("first_id");
                json.writeNullField("last_id");
            } else {
                json.writeStringField("first_id", models.first());
                json.writeStringField("last_id", models.last());
            }
        }

        @Override
        void model(JsonGenerator json, String model) throws IOException {
            json.writeStringField("id", model);
            json.writeStringField("created_at", "2021-07-20T10:40:00Z");
            json.writeStringField("display_name", model);
            json.writeStringField("type", "model");
        }
    },

    /** Google's list; names begin with {@code models/}. */
    GEMINI {
        @Override
        void list(JsonGenerator json, SortedSet<String> models) throws IOException {
            json.writeArrayFieldStart("models");
            for (String model : models) {
                json.writeStartObject();
                model(json, model);
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        @Override
        void model(JsonGenerator json, String model) throws IOException {
            json.writeStringField("name", "models/" + model);
            json.writeStringField("displayName", model);
            json.writeArrayFieldStart("supportedGenerationMethods");
            json.writeString("generateContent");
            json.writeString("streamGenerateContent");
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

    /** The list of models. */
    public Buffer list(SortedSet<String> models) {
        return object(json -> list(json, models));
    }

    /** One model. */
    public Buffer single(String model) {
        return object(json -> model(json, model));
    }

    abstract void list(JsonGenerator json, SortedSet<String> models) throws IOException;

    abstract void model(JsonGenerator json, String model) throws IOException;

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
