package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/**
 * The JSON reader of the relay: bounded in depth and in the length of one text. Bytes are UTF-8, whatever they look
 * like, so that places in them are places in the text; and names that strangers choose are not kept for ever.
 */
final class Json {

    private static final int MAX_DEPTH = 512;
    private static final int MAX_TEXT_CHARS = 256 * 1024 * 1024;
    private static final int MAX_NUMBER_CHARS = 400;

    static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT_CHARS)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .build())
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private Json() {}

    /** Reads a request's body, of which it holds but a small part if it does not lie in memory. */
    static JsonParser parser(Content body) throws IOException {
        return body.inMemory() ? FACTORY.createParser(body.bytes()) : FACTORY.createParser(body.open());
    }
}
