package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Locale;

/** Looks for words in the texts of a body, names of fields included; upper and lower case do not matter. */
final class Mention {

    private Mention() {}

    /** @param words in lower case */
    static boolean of(String words, byte[] body) {
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if ((token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME)
                        && json.getText().toLowerCase(Locale.ROOT).contains(words)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            // what cannot be read to its end may say anything
            return true;
        }
    }
}
