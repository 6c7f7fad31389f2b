package io.newapi.server.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** Why a channel has its status, and since when, in the column {@code other_info}, as New API writes it there. */
public final class StatusNote {

    private static final ObjectMapper JSON = new ObjectMapper();

    private StatusNote() {}

    /** The column with this note in place of the one before; what else is in it stays. */
    public static String in(String otherInfo, String reason, Instant since) {
        ObjectNode info = object(otherInfo);
        info.put("status_reason", reason);
        info.put("status_time", since.getEpochSecond());
        return info.toString();
    }

    /** A text that is no JSON object is replaced: it only carries notes. */
    private static ObjectNode object(String json) {
        try {
            JsonNode node = json.isBlank() ? null : JSON.readTree(json);
            return node instanceof ObjectNode object ? object : JSON.createObjectNode();
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }
}
