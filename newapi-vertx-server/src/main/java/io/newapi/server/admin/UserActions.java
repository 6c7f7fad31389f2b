package io.newapi.server.admin;

import io.newapi.core.access.Role;
import io.newapi.core.access.UserStatus;
import io.newapi.server.auth.AccessTokens;
import io.newapi.server.auth.Logins;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.AccountKind;
import io.newapi.server.store.Stores;
import io.newapi.server.store.UserRow;
import io.newapi.server.store.UserStore;

/** {@code POST /api/user/manage} and {@code DELETE /api/user/{id}}: what administrators do to one user. */
final class UserActions {

    private final UserStore users;
    private final UserQuota quota;
    private final Logins logins;
    private final AccessTokens accessTokens;
    private final Stores stores;
    private final Audit audit;
    private final Changes changes;

    UserActions(
            UserStore users,
            UserQuota quota,
            Logins logins,
            AccessTokens accessTokens,
            Stores stores,
            Audit audit,
            Changes changes) {
        this.users = users;
        this.quota = quota;
        this.logins = logins;
        this.accessTokens = accessTokens;
        this.stores = stores;
        this.audit = audit;
        this.changes = changes;
    }

    void mount(AdminRoutes routes) {
        routes.post("/api/user/manage", Access.ADMIN, this::manage).delete("/api/user/:id", Access.ADMIN, this::delete);
    }

    private Answer manage(AdminCall call) {
        Fields body = call.body();
        long id = body.number("id");
        String action = body.text("action");
        UserRow after = stores.atomically(() -> {
            UserRow target = UserResource.manageable(users, call.actor(), id);
            act(call, body, action, target);
            UserRow now = users.byIdWithDeleted(id).orElse(target);
            audit.changed(call, "user/" + id + " " + action, UserView.forAdmin(target), UserView.forAdmin(now));
            return now;
        });
        changes.userChanged(id);
        if (action.equals("add_quota")) {
            changes.balanceChanged(AccountKind.USER.code(), id);
        }
        return Answer.ok(UserView.forManaging(after.role(), after.status()));
    }

    private void act(AdminCall call, Fields body, String action, UserRow target) {
        switch (action) {
            case "enable" -> users.setStatus(target.id(), UserStatus.ENABLED.code());
            case "disable" -> disable(target);
            case "delete" -> {
                requireNotRoot(target);
                endEverything(target.id());
                users.softDelete(target.id());
            }
            case "promote" -> promote(call.actor(), target);
            case "demote" -> demote(target);
            case "add_quota" -> changeQuota(call, body, target);
            default -> throw Refused.because(Message.ACTION_UNKNOWN, action);
        }
    }

    private void disable(UserRow target) {
        requireNotRoot(target);
        users.setStatus(target.id(), UserStatus.DISABLED.code());
        logins.endAll(target.id());
    }

    private void promote(Actor actor, UserRow target) {
        if (!actor.isRoot()) {
            throw Refused.because(Message.ROLE_TOO_LOW);
        }
        if (target.role() >= Role.ADMIN.code()) {
            throw Refused.because(Message.ALREADY_ADMIN);
        }
        users.setRole(target.id(), Role.ADMIN.code());
    }

    private void demote(UserRow target) {
        requireNotRoot(target);
        if (target.role() == Role.COMMON.code()) {
            throw Refused.because(Message.ALREADY_COMMON);
        }
        users.setRole(target.id(), Role.COMMON.code());
        logins.endAll(target.id());
    }

    private void changeQuota(AdminCall call, Fields body, UserRow target) {
        long value = body.number("value");
        String mode = body.text("mode");
        if (value < 0 && !mode.equals("override")) {
            throw Refused.because(Message.QUOTA_INVALID, value);
        }
        switch (mode) {
            case "", "add" -> quota.add(call, target, value);
            case "subtract" -> quota.add(call, target, -value);
            case "override" -> quota.set(call, target, value);
            default -> throw Refused.because(Message.FIELD_INVALID, "mode", mode);
        }
    }

    /** Removes the row, or as much as can be removed while nodes hold parts of the user's balance. */
    private Answer delete(AdminCall call) {
        long id = call.pathId();
        boolean gone = stores.atomically(() -> {
            UserRow target = users.byIdWithDeleted(id).orElseThrow(() -> Refused.because(Message.USER_NOT_FOUND));
            if (call.actor().role().code() <= target.role()) {
                throw Refused.because(Message.USER_NOT_MANAGEABLE);
            }
            endEverything(id);
            audit.deleted(call, "user/" + id, UserView.forAdmin(target));
            return users.hardDelete(id);
        });
        changes.userChanged(id);
        if (gone) {
            return Answer.ok();
        }
        // nodes are to give back what they hold
        changes.balanceChanged(AccountKind.USER.code(), id);
        return Answer.ok().with("pending", true);
    }

    private void endEverything(long userId) {
        logins.endAll(userId);
        accessTokens.revokeAll(userId);
    }

    private static void requireNotRoot(UserRow target) {
        if (target.role() >= Role.ROOT.code()) {
            throw Refused.because(Message.ROOT_PROTECTED);
        }
    }
}
