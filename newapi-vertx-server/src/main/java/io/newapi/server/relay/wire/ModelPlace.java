package io.newapi.server.relay.wire;

import java.nio.charset.StandardCharsets;

/**
 * Where the model's name stands, or has to be written.
 *
 * @param missing whether the client has named none
 * @param quoted whether it is a text of JSON
 * @param prefix what belongs to the name there
 * @param before what to write in front of the name, if it is missing
 * @param behind what to write behind it, if it is missing
 */
record ModelPlace(int start, int end, boolean missing, boolean quoted, String prefix, String before, String behind) {

    static ModelPlace ofJson(Span span, String prefix) {
        return new ModelPlace(span.start(), span.end(), false, true, prefix, "", "");
    }

    static ModelPlace missingInJson(int afterBrace) {
        return new ModelPlace(afterBrace, afterBrace, true, true, "", "\"model\":", ",");
    }

    byte[] text(String model) {
        String name = prefix + model;
        String written = quoted ? new String(JsonText.quote(name), StandardCharsets.UTF_8) : name;
        return (before + written + behind).getBytes(StandardCharsets.UTF_8);
    }
}
