package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.store.TokenRow;
import java.time.Instant;

/** How a token looks to its owner. */
final class TokenView {

    private final boolean keysMasked;

    /** @param keysMasked whether lists show only the ends of a key; the stock console of 2025-12 needs it whole */
    TokenView(boolean keysMasked) {
        this.keysMasked = keysMasked;
    }

    ObjectNode of(TokenRow token) {
        return view(token, keysMasked ? Masked.key(token.key()) : token.key());
    }

    /** With its key: the answer to the call that made it. */
    ObjectNode withKey(TokenRow token) {
        return view(token, token.key());
    }

    private static ObjectNode view(TokenRow token, String key) {
        return Json.object()
                .put("id", token.id())
                .put("user_id", token.userId())
                .put("key", key)
                .put("status", token.status())
                .put("name", token.name())
                .put("created_time", token.createdTime())
                .put("accessed_time", token.accessedTime())
                .put("expired_time", token.expiredTime())
                .put("remain_quota", token.remainQuota())
                .put("unlimited_quota", token.unlimitedQuota())
                .put("model_limits_enabled", token.modelLimitsEnabled())
                .put("model_limits", token.modelLimits())
                .put("allow_ips", token.allowIps())
                .put("used_quota", token.usedQuota())
                .put("group", token.group())
                .put("cross_group_retry", token.crossGroupRetry())
                .put("DeletedAt", token.deletedAt().map(Instant::toString).orElse(null));
    }
}
