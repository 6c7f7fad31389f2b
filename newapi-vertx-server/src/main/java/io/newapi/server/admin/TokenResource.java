package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.core.access.AddressRules;
import io.newapi.core.access.Groups;
import io.newapi.core.access.TokenStatus;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.AccountKind;
import io.newapi.server.store.NewToken;
import io.newapi.server.store.TokenChange;
import io.newapi.server.store.TokenOutcome;
import io.newapi.server.store.TokenRow;
import io.newapi.server.store.TokenStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** {@code /api/token}: a user's own API tokens. Every query names the owner, so that other people's tokens do not exist here. */
final class TokenResource {

    private static final int MAX_NAME_BYTES = 50;
    private static final int MAX_LIMITS_BYTES = 1024;
    private static final int MAX_ADDRESSES_BYTES = 191;
    private static final int MAX_GROUP_BYTES = 64;
    private static final int MAX_REVEALED = 100;
    private static final long NEVER = -1;

    /** As much as any user could ever have. */
    private static final long MAX_UNITS = 1_000_000_000_000_000L;

    private final TokenStore tokens;
    private final TokenView view;
    private final ConsoleOptions options;
    private final Changes changes;
    private final InstantSource clock;

    TokenResource(TokenStore tokens, TokenView view, ConsoleOptions options, Changes changes, InstantSource clock) {
        this.tokens = tokens;
        this.view = view;
        this.options = options;
        this.changes = changes;
        this.clock = clock;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/token", Access.USER, this::list)
                .get("/api/token/search", Access.USER, this::search)
                .post("/api/token", Access.USER, this::create)
                .put("/api/token", Access.USER, this::update)
                .post("/api/token/batch", Access.USER, this::deleteMany)
                .criticalPost("/api/token/batch/keys", Access.USER, this::revealMany)
                .criticalPost("/api/token/:id/key", Access.USER, this::reveal)
                .get("/api/token/:id", Access.USER, this::read)
                .delete("/api/token/:id", Access.USER, this::delete);
    }

    private Answer list(AdminCall call) {
        return Answer.ok(Pages.of(tokens.page(call.actor().id(), call.page()), view::of));
    }

    private Answer search(AdminCall call) {
        String keyPart = call.query("token").strip();
        ArrayNode found = Json.array();
        tokens.search(
                        call.actor().id(),
                        call.query("keyword").strip(),
                        keyPart.startsWith("sk-") ? keyPart.substring(3) : keyPart)
                .forEach(token -> found.add(view.of(token)));
        return Answer.ok(found);
    }

    private Answer read(AdminCall call) {
        return Answer.ok(view.of(own(call, call.pathId())));
    }

    private Answer reveal(AdminCall call) {
        return Answer.ok(Json.object().put("key", own(call, call.pathId()).key()));
    }

    private Answer revealMany(AdminCall call) {
        List<Long> ids = call.body().ids("ids");
        if (ids.size() > MAX_REVEALED) {
            throw Refused.because(Message.IDS_INVALID, MAX_REVEALED);
        }
        ObjectNode keys = Json.object();
        ids.forEach(
                id -> tokens.own(call.actor().id(), id).ifPresent(token -> keys.put(Long.toString(id), token.key())));
        ObjectNode data = Json.object();
        data.set("keys", keys);
        return Answer.ok(data);
    }

    private TokenRow own(AdminCall call, long id) {
        return tokens.own(call.actor().id(), id).orElseThrow(() -> Refused.because(Message.TOKEN_NOT_FOUND));
    }

    private Answer create(AdminCall call) {
        Fields body = call.body();
        long expiry = body.number("expired_time");
        boolean unlimited = body.flag("unlimited_quota");
        NewToken token = new NewToken(
                call.actor().id(),
                body.text("name", MAX_NAME_BYTES).strip(),
                expiry(expiry == 0 ? NEVER : expiry),
                quota(body, unlimited),
                unlimited,
                body.flag("model_limits_enabled"),
                body.text("model_limits", MAX_LIMITS_BYTES),
                addresses(body),
                group(call.actor(), newGroup(call.actor(), body)),
                body.flag("cross_group_retry"));
        TokenOutcome outcome =
                tokens.create(token, options.maxTokensPerUser(), call.actor().id());
        if (outcome instanceof TokenOutcome.Created created) {
            changes.tokenChanged(created.token().userId(), created.token().id());
            return Answer.ok(view.withKey(created.token()));
        }
        throw Refused.because(Message.TOKEN_LIMIT_REACHED, options.maxTokensPerUser());
    }

    /** What the caller names; else the automatic choice of a group, if that is the rule and he may use it. */
    private String newGroup(Actor actor, Fields body) {
        if (body.has("group")) {
            return body.text("group", MAX_GROUP_BYTES);
        }
        boolean auto = options.newTokensUseAutoGroup() && options.groups().mayUse(actor.group(), Groups.AUTO);
        return auto ? Groups.AUTO : "";
    }

    private Answer update(AdminCall call) {
        Fields body = call.body();
        TokenRow before = own(call, body.number("id"));
        boolean statusOnly = !call.query("status_only").isEmpty();
        TokenChange change = statusOnly
                ? TokenChange.none().status(newStatus(body.number("status"), before))
                : edited(call, body, before);
        Optional<TokenRow> after = tokens.update(before.userId(), before.id(), change);
        changes.tokenChanged(before.userId(), before.id());
        if (!statusOnly) {
            changes.balanceChanged(AccountKind.TOKEN.code(), before.id());
        }
        return Answer.ok(view.of(after.orElseThrow(() -> Refused.because(Message.TOKEN_NOT_FOUND))));
    }

    private TokenChange edited(AdminCall call, Fields body, TokenRow before) {
        long expiry = body.number("expired_time");
        String group = body.text("group", MAX_GROUP_BYTES).strip();
        boolean unlimited = body.flag("unlimited_quota");
        return TokenChange.none()
                .name(body.text("name", MAX_NAME_BYTES).strip())
                .expiredTime(expiry == before.expiredTime() ? expiry : expiry(expiry == 0 ? NEVER : expiry))
                .remainQuota(quota(body, unlimited))
                .unlimitedQuota(unlimited)
                .modelLimitsEnabled(body.flag("model_limits_enabled"))
                .modelLimits(body.text("model_limits", MAX_LIMITS_BYTES))
                .allowIps(addresses(body))
                .group(group.equals(before.group()) ? group : group(call.actor(), group))
                .crossGroupRetry(body.flag("cross_group_retry"));
    }

    /** An expired or exhausted token is enabled only after that was put right, in an earlier call. */
    private int newStatus(long status, TokenRow before) {
        if (status == before.status()) {
            return before.status();
        }
        if (status != TokenStatus.ENABLED.code() && status != TokenStatus.DISABLED.code()) {
            throw Refused.because(Message.TOKEN_STATUS_INVALID);
        }
        boolean expired = before.expiredTime() != NEVER
                && before.expiredTime() <= clock.instant().getEpochSecond();
        if (status == TokenStatus.ENABLED.code() && before.status() == TokenStatus.EXPIRED.code() && expired) {
            throw Refused.because(Message.TOKEN_EXPIRED);
        }
        boolean exhausted = !before.unlimitedQuota() && before.remainQuota() <= 0;
        if (status == TokenStatus.ENABLED.code() && before.status() == TokenStatus.EXHAUSTED.code() && exhausted) {
            throw Refused.because(Message.TOKEN_EXHAUSTED);
        }
        return (int) status;
    }

    private Answer delete(AdminCall call) {
        long id = call.pathId();
        if (!tokens.delete(call.actor().id(), id)) {
            throw Refused.because(Message.TOKEN_NOT_FOUND);
        }
        changes.tokenChanged(call.actor().id(), id);
        return Answer.ok();
    }

    private Answer deleteMany(AdminCall call) {
        List<Long> ids = call.body().ids("ids");
        long userId = call.actor().id();
        int deleted = tokens.deleteAll(userId, ids);
        ids.forEach(id -> changes.tokenChanged(userId, id));
        return Answer.ok(deleted);
    }

    private long expiry(long seconds) {
        if (seconds != NEVER && seconds <= clock.instant().getEpochSecond()) {
            throw Refused.because(Message.EXPIRY_INVALID);
        }
        return seconds;
    }

    private static long quota(Fields body, boolean unlimited) {
        long units = body.number("remain_quota");
        if (units > MAX_UNITS || (units < 0 && !unlimited)) {
            throw Refused.because(Message.QUOTA_INVALID, units);
        }
        return Math.max(0, units);
    }

    private static String addresses(Fields body) {
        String text = body.text("allow_ips", MAX_ADDRESSES_BYTES).strip();
        List<String> invalid = AddressRules.parse(text).invalid();
        if (!invalid.isEmpty()) {
            throw Refused.because(Message.FIELD_INVALID, "allow_ips", invalid.get(0));
        }
        return text;
    }

    /** Groups are checked when they are chosen, and again whenever the token is used. */
    private String group(Actor actor, String wanted) {
        String group = wanted.strip();
        if (!group.isEmpty() && !options.groups().mayUse(actor.group(), group)) {
            throw Refused.because(Message.GROUP_NOT_USABLE, group);
        }
        return group;
    }
}
