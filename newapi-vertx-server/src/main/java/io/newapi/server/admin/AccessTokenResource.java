package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.auth.AccessTokens;
import io.newapi.server.store.AccessTokenRow;
import io.newapi.server.store.AccessTokenStore;
import java.time.InstantSource;

/**
 * Access tokens of a user for scripts. {@code /api/user/token} is the original's: one value, replaced by each call.
 * {@code /api/user/access_tokens} makes named ones that live beside each other and can be ended one by one.
 */
final class AccessTokenResource {

    private static final int MAX_NAME_BYTES = 64;

    private final AccessTokens accessTokens;
    private final InstantSource clock;

    AccessTokenResource(AccessTokens accessTokens, InstantSource clock) {
        this.accessTokens = accessTokens;
        this.clock = clock;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/user/token", Access.USER, this::replaceOwn)
                .post("/api/user/token", Access.USER, this::replaceOwn)
                .get("/api/user/access_tokens", Access.USER, this::list)
                .criticalPost("/api/user/access_tokens", Access.USER, this::create)
                .delete("/api/user/access_tokens/:id", Access.USER, this::delete);
    }

    private Answer replaceOwn(AdminCall call) {
        return Answer.ok(accessTokens.replaceOwn(call.actor().id()));
    }

    private Answer list(AdminCall call) {
        ArrayNode list = Json.array();
        accessTokens.list(call.actor().id()).forEach(row -> list.add(view(row)));
        return Answer.ok(list);
    }

    private Answer create(AdminCall call) {
        Fields body = call.body();
        String name = body.text("name", MAX_NAME_BYTES).strip();
        if (name.isEmpty()) {
            throw Refused.because(Message.FIELD_MISSING, "name");
        }
        long lifeSeconds = body.number("expires_in");
        if (lifeSeconds < 0 || lifeSeconds > Integer.MAX_VALUE) {
            throw Refused.because(Message.FIELD_INVALID, "expires_in", lifeSeconds);
        }
        long expiresAt = lifeSeconds == 0 ? 0 : clock.instant().getEpochSecond() + lifeSeconds;
        AccessTokens.Made made = accessTokens
                .create(call.actor().id(), name, expiresAt)
                .orElseThrow(() -> Refused.because(Message.ACCESS_TOKEN_LIMIT_REACHED, AccessTokenStore.MAX_PER_USER));
        return Answer.ok(view(made.row()).put("access_token", made.secret()));
    }

    private Answer delete(AdminCall call) {
        if (!accessTokens.revoke(call.actor().id(), call.pathId())) {
            throw Refused.because(Message.ACCESS_TOKEN_NOT_FOUND);
        }
        return Answer.ok();
    }

    private static ObjectNode view(AccessTokenRow row) {
        return Json.object()
                .put("id", row.id())
                .put("name", row.name())
                .put("created_at", row.createdAt())
                .put("expires_at", row.expiresAt())
                .put("last_used_at", row.lastUsedAt());
    }
}
