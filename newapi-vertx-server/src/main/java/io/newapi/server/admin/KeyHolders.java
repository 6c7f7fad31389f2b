package io.newapi.server.admin;

import io.newapi.core.access.AddressRules;
import io.newapi.core.access.TokenStatus;
import io.newapi.core.access.UserStatus;
import io.newapi.server.auth.ApiKey;
import io.newapi.server.store.TokenRow;
import io.newapi.server.store.TokenStore;
import io.newapi.server.store.UserRow;
import io.newapi.server.store.UserStore;

/**
 * Who may look at an API key's figures: whoever has the key, from an address that it allows. An expired or exhausted key may still be
 * looked at; a disabled one, or one of a disabled or deleted user, may not. Blocks; thread-safe.
 */
final class KeyHolders {

    private final TokenStore tokens;
    private final UserStore users;

    KeyHolders(TokenStore tokens, UserStore users) {
        this.tokens = tokens;
        this.users = users;
    }

    /** A key's row and its owner's. */
    record Holder(TokenRow token, UserRow user) {}

    /** The holder of the key in the header {@code Authorization}, or a refusal. */
    Holder inHeader(AdminCall call) {
        if (call.header("Authorization").isBlank()) {
            throw Refused.with(401, Message.API_KEY_MISSING);
        }
        return holder(
                call,
                ApiKey.read("", call.headers(), call.query())
                        .orElseThrow(() -> Refused.with(401, Message.API_KEY_INVALID)));
    }

    /** The holder of the key in the header, or in the query as older clients send it; or a refusal. */
    Holder inHeaderOrQuery(AdminCall call) {
        return call.header("Authorization").isBlank() && !call.query("key").isBlank()
                ? holder(
                        call,
                        ApiKey.parse(call.query("key")).orElseThrow(() -> Refused.with(401, Message.API_KEY_INVALID)))
                : inHeader(call);
    }

    private Holder holder(AdminCall call, ApiKey key) {
        Holder holder = tokens.byKey(key.key())
                .filter(token -> token.status() != TokenStatus.DISABLED.code())
                .flatMap(token -> users.byId(token.userId()).map(user -> new Holder(token, user)))
                .orElseThrow(() -> Refused.with(401, Message.API_KEY_INVALID));
        if (holder.user().status() != UserStatus.ENABLED.code()) {
            throw Refused.with(403, Message.USER_DISABLED);
        }
        if (!AddressRules.parse(holder.token().allowIps()).allows(call.clientAddress())) {
            throw Refused.with(403, Message.ADDRESS_REFUSED, call.clientAddress());
        }
        return holder;
    }
}
