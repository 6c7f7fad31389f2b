package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.server.relay.wire.ClientRequest.Scan;
import java.io.IOException;

/**
 * One pass over the bytes of a request in Google's format (Gemini API, {@code models.generateContent}). Names are taken in both
 * ways in which Google takes them: {@code generationConfig} and {@code generation_config}.
 */
class GeminiRequestScanner extends RequestScanner {

    private final boolean list;
    private long maxTokens;
    private int choices = 1;
    private int contents;
    private boolean configured;

    GeminiRequestScanner(Content body, String model, boolean stream, boolean list) {
        this(body, model, stream, list, "contents", "generationConfig", "generation_config");
    }

    /** @param single the fields that decide about the price */
    GeminiRequestScanner(Content body, String model, boolean stream, boolean list, String... single) {
        super(body, single);
        this.model = model;
        this.stream = stream;
        this.list = list;
    }

    @Override
    Scan understood(int afterBrace) {
        if (contents == 0) {
            return refuse("contents", "the field contents is missing or empty");
        }
        return found(WireFormat.GEMINI).list(list).limit(maxTokens, choices).understood();
    }

    @Override
    void field(String name, JsonParser json) throws IOException {
        switch (name) {
            case "contents" -> contents(json);
            case "systemInstruction", "system_instruction" -> content(json);
            case "tools" -> allTexts(json);
            case "generationConfig", "generation_config" -> config(json);
            default -> json.skipChildren();
        }
    }

    private void config(JsonParser json) throws IOException {
        if (configured) {
            throw new FieldFault("generationConfig", "the field generationConfig stands in the body twice");
        }
        configured = true;
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new FieldFault("generationConfig", "the field generationConfig must be an object");
        }
        boolean limited = false;
        boolean counted = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "maxOutputTokens", "max_output_tokens" -> {
                    once("generationConfig.maxOutputTokens", limited);
                    limited = true;
                    maxTokens = count("generationConfig.maxOutputTokens", json);
                }
                case "candidateCount", "candidate_count" -> {
                    once("generationConfig.candidateCount", counted);
                    counted = true;
                    choices = choices("generationConfig.candidateCount", json);
                }
                default -> json.skipChildren();
            }
        }
    }

    private static void once(String name, boolean seen) {
        if (seen) {
            throw new FieldFault(name, "the field " + name + " stands in the body twice");
        }
    }

    /** A single content may stand in place of a list. */
    private void contents(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.START_OBJECT) {
            contents++;
            content(json);
            return;
        }
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new FieldFault("contents", "the field contents must be an array");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            contents++;
            content(json);
        }
    }

    /** Counts what stands in a content: text counts as text, everything else as what it is. */
    final void content(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            piece(json);
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean parts = json.currentName().equals("parts");
            JsonToken token = json.nextToken();
            if (parts && token == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    part(json);
                }
            } else if (parts) {
                part(json);
            } else {
                json.skipChildren();
            }
        }
    }

    private void part(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            piece(json);
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "text" -> piece(json);
                case "functionCall", "function_call", "functionResponse", "function_response" -> allTexts(json);
                case "inlineData", "inline_data", "fileData", "file_data" -> media(json);
                default -> json.skipChildren();
            }
        }
    }

    private void media(JsonParser json) throws IOException {
        long tokens = FILE_TOKENS;
        if (json.currentToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if ((name.equals("mimeType") || name.equals("mime_type")) && token == JsonToken.VALUE_STRING) {
                    tokens = mediaTokens(json.getText());
                }
                json.skipChildren();
            }
        } else {
            json.skipChildren();
        }
        extraTokens += tokens;
    }

    private static long mediaTokens(String type) {
        if (type.startsWith("image/")) {
            return IMAGE_TOKENS;
        }
        if (type.startsWith("audio/")) {
            return AUDIO_TOKENS;
        }
        return type.startsWith("video/") ? VIDEO_TOKENS : FILE_TOKENS;
    }
}
