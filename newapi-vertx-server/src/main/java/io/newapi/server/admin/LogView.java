package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.store.LogRow;
import java.util.List;

/** How a log row looks in answers. */
final class LogView {

    /** What only administrators see of {@code other}: which channels were tried, what was checked. */
    private static final List<String> FOR_ADMINS = List.of("admin_info", "audit_info", "stream_status");

    private LogView() {}

    static ObjectNode forAdmin(LogRow row, String channelName) {
        return view(row)
                .put("channel", row.channelId())
                .put("channel_name", channelName)
                .put("other", row.other());
    }

    static ObjectNode forOwner(LogRow row) {
        return view(row).put("channel", row.channelId()).put("channel_name", "").put("other", forOwner(row.other()));
    }

    private static ObjectNode view(LogRow row) {
        return Json.object()
                .put("id", row.id())
                .put("user_id", row.userId())
                .put("created_at", row.createdAt())
                .put("type", row.type())
                .put("content", row.content())
                .put("username", row.username())
                .put("token_name", row.tokenName())
                .put("model_name", row.modelName())
                .put("quota", row.quota())
                .put("prompt_tokens", row.promptTokens())
                .put("completion_tokens", row.completionTokens())
                .put("use_time", row.useTime())
                .put("is_stream", row.stream())
                .put("token_id", row.tokenId())
                .put("group", row.group())
                .put("ip", row.ip())
                .put("request_id", row.requestId())
                .put("upstream_request_id", row.upstreamRequestId());
    }

    /** A text that is no JSON object is not shown: nobody can say what is in it. */
    private static String forOwner(String other) {
        return Json.parseObject(other)
                .map(object -> Json.text(object.remove(FOR_ADMINS)))
                .orElse("");
    }
}
