package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.server.relay.wire.ClientRequest.Scan;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One pass over the bytes of a request that hands something in and asks nothing about it: embeddings, moderations, reranking. What
 * is handed in counts as text; numbers are text units that the client has counted itself.
 */
final class InputRequestScanner extends RequestScanner {

    /** Texts, or addresses or contents of pictures. */
    private static final Set<String> PICTURES = Set.of("image", "image_url");

    private final WireFormat format;
    private final List<String> wanted;
    private final Set<String> given = new HashSet<>();
    private boolean base64;

    /**
     * @param defaultModel of requests that name none; may be empty
     * @param wanted the fields that hold what is handed in; each must hold something
     */
    InputRequestScanner(WireFormat format, Content body, String defaultModel, String... wanted) {
        super(body, Stream.concat(Stream.of("model"), Arrays.stream(wanted)).toArray(String[]::new));
        this.format = format;
        this.wanted = List.of(wanted);
        modelOtherwise(defaultModel);
    }

    @Override
    Scan understood(int afterBrace) {
        for (String field : wanted) {
            if (!given.contains(field)) {
                return refuse(field, "the field " + field + " is missing or empty");
            }
        }
        return found(format).base64(base64).understood();
    }

    @Override
    void field(String name, JsonParser json) throws IOException {
        if (name.equals("model")) {
            model(json);
        } else if (wanted.contains(name)) {
            if (input(json)) {
                given.add(name);
            }
        } else if (name.equals("encoding_format")) {
            base64 = json.currentToken() == JsonToken.VALUE_STRING
                    && json.getText().equals("base64");
            json.skipChildren();
        } else {
            json.skipChildren();
        }
    }

    /** Whether there is anything in it. */
    private boolean input(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (!token.isStructStart()) {
            boolean any = token == JsonToken.VALUE_STRING && json.getTextLength() > 0;
            piece(json);
            return any;
        }
        boolean any = false;
        boolean picture = false;
        for (int depth = 1; depth > 0; ) {
            token = json.nextToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            any |= !token.isStructEnd();
            if (token == JsonToken.FIELD_NAME) {
                picture = PICTURES.contains(json.currentName())
                        || (picture && json.currentName().equals("url"));
            } else if (token == JsonToken.VALUE_STRING && picture) {
                extraTokens += IMAGE_TOKENS;
                picture = false;
            } else if (token == JsonToken.VALUE_STRING) {
                piece(json);
            } else if (token.isNumeric()) {
                extraTokens++;
            }
        }
        return any;
    }
}
