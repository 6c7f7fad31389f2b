package io.newapi.server.e2e;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** A consume row of the table of logs. */
record Charged(
        String requestId,
        long userId,
        long tokenId,
        long channelId,
        String model,
        long quota,
        long promptTokens,
        long completionTokens,
        boolean stream,
        String content,
        JsonObject other) {

    /** The ids of the channels that were tried, in order. */
    List<String> usedChannels() {
        return other.getJsonObject("admin_info").getJsonArray("use_channel").stream()
                .map(String::valueOf)
                .toList();
    }

    /** Whether the usage was estimated, because the upstream had not reported it. */
    boolean estimated() {
        return other.getJsonObject("admin_info").getBoolean("local_count_tokens", false);
    }
}
