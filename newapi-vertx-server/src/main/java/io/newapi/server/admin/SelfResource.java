package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.core.access.Role;
import io.newapi.server.auth.AccessTokens;
import io.newapi.server.auth.Logins;
import io.newapi.server.auth.Passwords;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.Stores;
import io.newapi.server.store.UserChange;
import io.newapi.server.store.UserRow;
import io.newapi.server.store.UserStore;

/** {@code /api/user/self}: one's own account. A user changes his name, his shown name, his password, and nothing else. */
final class SelfResource {

    private static final int MAX_MODULES_BYTES = 16 * 1024;

    private final UserStore users;
    private final Logins logins;
    private final AccessTokens accessTokens;
    private final Passwords passwords;
    private final Stores stores;
    private final Changes changes;

    SelfResource(
            UserStore users,
            Logins logins,
            AccessTokens accessTokens,
            Passwords passwords,
            Stores stores,
            Changes changes) {
        this.users = users;
        this.logins = logins;
        this.accessTokens = accessTokens;
        this.passwords = passwords;
        this.stores = stores;
        this.changes = changes;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/user/self", Access.USER, this::read)
                .put("/api/user/self", Access.USER, this::update)
                .delete("/api/user/self", Access.USER, this::delete);
    }

    private Answer read(AdminCall call) {
        return Answer.ok(UserView.forSelf(self(call)));
    }

    private UserRow self(AdminCall call) {
        return users.byId(call.actor().id()).orElseThrow(() -> Refused.because(Message.USER_NOT_FOUND));
    }

    private Answer update(AdminCall call) {
        Fields body = call.body();
        return body.has("sidebar_modules") ? updateModules(call, body) : updateProfile(call, body);
    }

    /** Only this entry of the settings is written; the others, secrets among them, stay. */
    private Answer updateModules(AdminCall call, Fields body) {
        String modules = body.text("sidebar_modules", MAX_MODULES_BYTES);
        stores.atomically(() -> {
            UserRow self = self(call);
            ObjectNode setting = Json.parseObject(self.setting()).orElseGet(Json::object);
            setting.put("sidebar_modules", modules);
            return UserResource.saved(
                    users.update(self.id(), UserChange.none().setting(Json.text(setting)), self.id()));
        });
        changes.userChanged(call.actor().id());
        return Answer.ok();
    }

    private Answer updateProfile(AdminCall call, Fields body) {
        UserRow self = self(call);
        if (!passwords.matches(body.text("original_password"), self.passwordHash())) {
            throw Refused.because(Message.ORIGINAL_PASSWORD_WRONG);
        }
        UserChange change = UserChange.none();
        String username = body.text("username");
        if (!username.isEmpty() && !username.equals(self.username())) {
            change.username(Profile.username(username, Profile.MAX_NAME));
        }
        String displayName = body.text("display_name");
        if (!displayName.isEmpty()) {
            change.displayName(Profile.displayName(displayName));
        }
        String password = body.text("password");
        if (!password.isEmpty()) {
            change.passwordHash(passwords.hash(Profile.password(password)));
        }
        long authVersion = stores.atomically(() -> {
            // the password may have been reset while it was compared
            if (!self(call).passwordHash().equals(self.passwordHash())) {
                throw Refused.because(Message.ORIGINAL_PASSWORD_WRONG);
            }
            UserResource.saved(users.update(self.id(), change, self.id()));
            return users.authVersion(self.id());
        });
        changes.userChanged(self.id());
        return password.isEmpty() ? Answer.ok() : afterNewPassword(call, authVersion);
    }

    /** A new password ends all logins; the one that set it goes on under a new id. */
    private Answer afterNewPassword(AdminCall call, long authVersion) {
        long id = call.actor().id();
        logins.endAll(id);
        return call.actor().method() == Actor.Method.COOKIE
                ? Answer.ok().header("Set-Cookie", logins.start(id, authVersion, call.overHttps()))
                : Answer.ok();
    }

    private Answer delete(AdminCall call) {
        if (call.actor().role() == Role.ROOT) {
            throw Refused.because(Message.ROOT_PROTECTED);
        }
        long id = call.actor().id();
        stores.atomically(() -> {
            logins.endAll(id);
            accessTokens.revokeAll(id);
            return users.softDelete(id);
        });
        changes.userChanged(id);
        return Answer.ok().header("Set-Cookie", logins.clearHeader(call.overHttps()));
    }
}
