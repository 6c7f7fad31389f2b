package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;

/** The JSON reader of the relay: bounded in depth and in the length of one text. */
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
            .build();

    private Json() {}
}
