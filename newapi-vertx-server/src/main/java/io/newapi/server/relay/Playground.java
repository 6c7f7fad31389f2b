package io.newapi.server.relay;

import io.newapi.core.access.AddressRules;
import io.newapi.core.access.Expiry;
import io.newapi.core.access.ModelLimits;
import io.newapi.core.access.Token;
import io.newapi.core.access.TokenQuota;
import io.newapi.core.access.TokenStatus;
import io.newapi.core.access.User;
import io.newapi.server.auth.Caller;
import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.Content;
import io.newapi.server.relay.wire.JsonTree;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * What is asked on the console's playground: a chat completion, whose body also names the group that serves it. No provider knows such
 * a field.
 *
 * @param group empty for the user's own
 * @param request the rest
 */
record Playground(String group, ClientRequest request) {

    private static final String GROUP = "group";

    /** @throws RelayFailure if it cannot be relayed */
    static Playground read(Content body) {
        JsonObject json;
        try {
            json = JsonTree.read(body.bytes());
        } catch (IOException e) {
            throw new RelayFailure(RelayError.badRequest("invalid_request", "", "the body is not valid JSON"));
        }
        Object group = json.remove(GROUP);
        if (group != null && !(group instanceof String)) {
            throw new RelayFailure(RelayError.badRequest("invalid_request", GROUP, "the field group must be a text"));
        }
        return ClientRequest.scan(WireFormat.CHAT, group == null ? body : Content.of(JsonTree.write(json)))
                .match(request -> new Playground(group == null ? "" : group.toString(), request), refused -> {
                    throw new RelayFailure(refused);
                });
    }

    /** The user, with a token that is stored nowhere and that nothing is booked on. */
    Caller caller(User user) {
        Token none = new Token(
                0,
                user.id(),
                "playground" + (group.isBlank() ? "" : "-" + group.strip()),
                TokenStatus.ENABLED,
                new Expiry.Never(),
                TokenQuota.unlimited(),
                ModelLimits.none(),
                AddressRules.any(),
                group,
                false);
        return new Caller(user, none, OptionalLong.empty());
    }
}
