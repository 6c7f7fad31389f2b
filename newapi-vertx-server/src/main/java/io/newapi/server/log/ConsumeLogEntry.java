package io.newapi.server.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The log row of a settled call, as it travels with its charge through the journal.
 *
 * @param createdAt seconds since 1970
 * @param username the paying user's name at the time of the call
 * @param tokenName the token's name
 * @param modelName the model that the client asked for
 * @param quota the charge in quota units
 * @param useTimeSeconds whole seconds from the request to its end
 * @param stream whether the answer was streamed
 * @param group the group whose price was used
 * @param address the client's address, empty unless its user wants it recorded
 * @param content a note for people, may be empty
 * @param other the explanation of the charge, as a JSON object
 * @param requestId the call's id
 * @param upstreamRequestId the provider's id of the call, may be empty
 * @param userId the paying user
 * @param tokenId the token, 0 for none
 * @param channelId the channel that answered
 * @param promptTokens text units read
 * @param completionTokens text units written
 * @param written whether the row is wanted at all
 * @param counted whether a row that is written is counted in the hourly figures
 */
public record ConsumeLogEntry(
        long createdAt,
        String username,
        String tokenName,
        String modelName,
        long quota,
        long useTimeSeconds,
        boolean stream,
        String group,
        String address,
        String content,
        String other,
        String requestId,
        String upstreamRequestId,
        long userId,
        long tokenId,
        long channelId,
        long promptTokens,
        long completionTokens,
        boolean written,
        boolean counted) {

    private static final JsonFactory JSON = new JsonFactory();

    /** The entry as one JSON object. */
    public String toJson() {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("t", createdAt);
            json.writeStringField("user", username);
            json.writeStringField("token", tokenName);
            json.writeStringField("model", modelName);
            json.writeNumberField("quota", quota);
            json.writeNumberField("use", useTimeSeconds);
            json.writeBooleanField("stream", stream);
            json.writeStringField("group", group);
            json.writeStringField("ip", address);
            json.writeStringField("content", content);
            json.writeStringField("other", other);
            json.writeStringField("rid", requestId);
            json.writeStringField("urid", upstreamRequestId);
            json.writeNumberField("uid", userId);
            json.writeNumberField("tid", tokenId);
            json.writeNumberField("cid", channelId);
            json.writeNumberField("p", promptTokens);
            json.writeNumberField("c", completionTokens);
            json.writeBooleanField("w", written);
            json.writeBooleanField("h", counted);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }

    /**
     * Reads what {@link #toJson} wrote. Fields that are missing are 0, false or empty.
     *
     * @throws IllegalArgumentException if it is not such an object
     */
    public static ConsumeLogEntry fromJson(String text) {
        Builder entry = new Builder();
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("a log entry is a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                entry.set(name, json);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("a log entry is not readable: " + e.getMessage(), e);
        }
        return entry.build();
    }

    private static final class Builder {
        private final Map<String, String> texts = new HashMap<>();
        private final Map<String, Long> numbers = new HashMap<>();
        private final Map<String, Boolean> flags = new HashMap<>();

        private void set(String name, JsonParser json) throws IOException {
            switch (json.currentToken()) {
                case VALUE_STRING -> texts.put(name, json.getText());
                case VALUE_NUMBER_INT -> numbers.put(name, json.getLongValue());
                case VALUE_TRUE -> flags.put(name, true);
                case VALUE_FALSE -> flags.put(name, false);
                default -> json.skipChildren();
            }
        }

        private String text(String name) {
            return texts.getOrDefault(name, "");
        }

        private long number(String name) {
            return numbers.getOrDefault(name, 0L);
        }

        private boolean flag(String name) {
            return flags.getOrDefault(name, false);
        }

        private ConsumeLogEntry build() {
            return new ConsumeLogEntry(
                    number("t"),
                    text("user"),
                    text("token"),
                    text("model"),
                    number("quota"),
                    number("use"),
                    flag("stream"),
                    text("group"),
                    text("ip"),
                    text("content"),
                    text("other"),
                    text("rid"),
                    text("urid"),
                    number("uid"),
                    number("tid"),
                    number("cid"),
                    number("p"),
                    number("c"),
                    flag("w"),
                    flag("h"));
        }
    }
}
