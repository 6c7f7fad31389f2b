package io.newapi.server.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.newapi.core.access.AddressRules;
import io.newapi.core.access.Expiry;
import io.newapi.core.access.ModelLimits;
import io.newapi.core.access.Role;
import io.newapi.core.access.Token;
import io.newapi.core.access.TokenQuota;
import io.newapi.core.access.TokenStatus;
import io.newapi.core.access.User;
import io.newapi.core.access.UserStatus;
import io.newapi.core.quota.QuotaBalance;
import io.newapi.server.store.PipelinedReads;
import io.newapi.server.store.TokenRow;
import io.newapi.server.store.TokenStore;
import io.newapi.server.store.UserRow;
import io.newapi.server.store.UserStore;
import java.util.Arrays;
import java.util.Optional;

/** Finds API keys in the store, and turns rows into what {@code core.access} judges. Blocks; thread-safe. */
public final class StoredKeys implements KeyOwner.Source {

    private static final JsonMapper JSON = new JsonMapper();

    private final TokenStore tokens;
    private final UserStore users;

    /** Keys of these stores. */
    public StoredKeys(TokenStore tokens, UserStore users) {
        this.tokens = tokens;
        this.users = users;
    }

    @Override
    public Optional<KeyOwner> byKey(String key) {
        return tokens.byKey(key)
                .flatMap(token -> users.byId(token.userId()).map(user -> new KeyOwner(user(user), token(token))));
    }

    /** Finds them without waiting. */
    public static KeyOwner.Lookup pipelined(PipelinedReads reads) {
        return key ->
                reads.byKey(key).map(found -> found.map(rows -> new KeyOwner(user(rows.user()), token(rows.token()))));
    }

    /** A user's row as access sees it. */
    public static User user(UserRow row) {
        JsonNode setting = setting(row.setting());
        return new User(
                row.id(),
                row.username(),
                Role.fromCode(row.role()),
                row.status() == UserStatus.ENABLED.code() ? UserStatus.ENABLED : UserStatus.DISABLED,
                row.group(),
                setting.path("accept_unset_model_ratio_model").asBoolean(false),
                setting.path("record_ip_log").asBoolean(false));
    }

    /** A token's row as access sees it. */
    public static Token token(TokenRow row) {
        return new Token(
                row.id(),
                row.userId(),
                row.name(),
                status(row.status()),
                Expiry.ofEpochSecond(row.expiredTime()),
                row.unlimitedQuota() ? TokenQuota.unlimited() : TokenQuota.limited(new QuotaBalance(row.remainQuota())),
                row.modelLimitsEnabled()
                        ? ModelLimits.of(Arrays.asList(row.modelLimits().split(",", -1)))
                        : ModelLimits.none(),
                AddressRules.parse(row.allowIps()),
                row.group(),
                row.crossGroupRetry());
    }

    /** A status that nobody knows admits nothing. */
    private static TokenStatus status(int code) {
        return Arrays.stream(TokenStatus.values())
                .filter(status -> status.code() == code)
                .findFirst()
                .orElse(TokenStatus.DISABLED);
    }

    /** Settings that cannot be read grant nothing. */
    private static JsonNode setting(String json) {
        try {
            return json.isBlank() ? JSON.createObjectNode() : JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }
}
