package io.newapi.server.admin;

import io.newapi.core.access.Role;
import io.newapi.server.auth.Passwords;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.AccountKind;
import io.newapi.server.store.NewUser;
import io.newapi.server.store.Stores;
import io.newapi.server.store.UserChange;
import io.newapi.server.store.UserOutcome;
import io.newapi.server.store.UserRow;
import io.newapi.server.store.UserStore;

/** {@code /api/user}: administrators' view of users. What is done to one user by an action is {@link UserActions}' part. */
final class UserResource {

    private static final int MAX_GROUP_BYTES = 64;

    private final UserStore users;
    private final UserQuota quota;
    private final Passwords passwords;
    private final ConsoleOptions options;
    private final Stores stores;
    private final Audit audit;
    private final Changes changes;

    UserResource(
            UserStore users,
            UserQuota quota,
            Passwords passwords,
            ConsoleOptions options,
            Stores stores,
            Audit audit,
            Changes changes) {
        this.users = users;
        this.quota = quota;
        this.passwords = passwords;
        this.options = options;
        this.stores = stores;
        this.audit = audit;
        this.changes = changes;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/user", Access.ADMIN, this::list)
                .get("/api/user/search", Access.ADMIN, this::search)
                .post("/api/user", Access.ADMIN, this::create)
                .put("/api/user", Access.ADMIN, this::update)
                .get("/api/user/:id", Access.ADMIN, this::read);
    }

    private Answer list(AdminCall call) {
        return Answer.ok(Pages.of(users.page(call.page()), UserView::forAdmin));
    }

    private Answer search(AdminCall call) {
        return Answer.ok(Pages.of(
                users.search(call.query("keyword").strip(), call.query("group"), call.page()), UserView::forAdmin));
    }

    private Answer read(AdminCall call) {
        return Answer.ok(UserView.forAdmin(manageable(users, call.actor(), call.pathId())));
    }

    /** The live user with this id, if the actor stands above him. */
    static UserRow manageable(UserStore users, Actor actor, long id) {
        UserRow user = users.byId(id).orElseThrow(() -> Refused.because(Message.USER_NOT_FOUND));
        if (!actor.mayManage(Role.fromCode(user.role()))) {
            throw Refused.because(Message.USER_NOT_MANAGEABLE);
        }
        return user;
    }

    private Answer create(AdminCall call) {
        Fields body = call.body();
        String username = Profile.username(body.text("username"), Profile.MAX_NAME);
        String hash = passwords.hash(Profile.password(body.text("password")));
        String displayName = Profile.displayName(body.text("display_name"));
        Role role = newRole(body.number("role"), call.actor());
        NewUser user = new NewUser(
                username,
                hash,
                displayName.isEmpty() ? username : displayName,
                role.code(),
                "",
                options.quotaForNewUser(),
                "",
                Profile.newSetting(role),
                0);
        UserRow made = stores.atomically(() -> {
            UserRow saved = saved(users.create(user, call.actor().id()));
            audit.created(call, "user/" + saved.id(), UserView.forAdmin(saved));
            return saved;
        });
        changes.userChanged(made.id());
        return Answer.ok();
    }

    /** Nobody makes his equal, root included; no role means a common user. */
    private static Role newRole(long code, Actor actor) {
        Role role = code == 0 ? Role.COMMON : Role.fromCode((int) Math.max(-1, Math.min(code, 1000)));
        if (code != 0 && role.code() != code) {
            throw Refused.because(Message.FIELD_INVALID, "role", code);
        }
        if (role.code() >= actor.role().code()) {
            throw Refused.because(Message.ROLE_NOT_GRANTABLE);
        }
        return role;
    }

    private Answer update(AdminCall call) {
        Fields body = call.body();
        long id = body.number("id");
        String hash = body.text("password").isEmpty() ? "" : passwords.hash(Profile.password(body.text("password")));
        boolean quotaChanged = stores.atomically(() -> {
            UserRow before = manageable(users, call.actor(), id);
            if (body.number("role") >= call.actor().role().code()
                    && !call.actor().isRoot()) {
                throw Refused.because(Message.ROLE_NOT_GRANTABLE);
            }
            UserChange change = change(body, before);
            if (!hash.isEmpty()) {
                change.passwordHash(hash);
            }
            saved(users.update(id, change, call.actor().id()));
            boolean changed = body.has("quota") && editQuota(call, body, before);
            UserRow after = users.byId(id).orElseThrow(() -> Refused.because(Message.USER_NOT_FOUND));
            String target = "user/" + id + (hash.isEmpty() ? "" : " password");
            audit.changed(call, target, UserView.forAdmin(before), UserView.forAdmin(after));
            return changed;
        });
        changes.userChanged(id);
        if (quotaChanged) {
            changes.balanceChanged(AccountKind.USER.code(), id);
        }
        return Answer.ok();
    }

    /** Only what the body names, and a name only if it differs: older names may break today's rules. */
    private UserChange change(Fields body, UserRow before) {
        UserChange change = UserChange.none();
        if (body.has("username") && !body.text("username").equals(before.username())) {
            change.username(Profile.username(body.text("username"), Profile.MAX_NAME));
        }
        if (body.has("display_name") && !body.text("display_name").equals(before.displayName())) {
            change.displayName(Profile.displayName(body.text("display_name")));
        }
        if (body.has("group") && !body.text("group").equals(before.group())) {
            String group = body.text("group", MAX_GROUP_BYTES).strip();
            if (!group.isEmpty() && !options.groups().hasRatio(group)) {
                throw Refused.because(Message.GROUP_UNKNOWN, group);
            }
            change.group(group);
        }
        if (body.has("remark")) {
            change.remark(Profile.remark(body));
        }
        return change;
    }

    /**
     * The stock console sends the quota that it showed some time ago. With {@code quota_base}, the value it had read, only the
     * difference is applied, and what was spent meanwhile stays spent; without it the quota is set.
     */
    private boolean editQuota(AdminCall call, Fields body, UserRow before) {
        long wanted = body.number("quota");
        if (body.has("quota_base")) {
            return quota.add(call, before, subtract(wanted, body.number("quota_base")));
        }
        return quota.set(call, before, wanted);
    }

    private static long subtract(long a, long b) {
        try {
            return Math.subtractExact(a, b);
        } catch (ArithmeticException e) {
            throw Refused.because(Message.QUOTA_INVALID, a);
        }
    }

    static UserRow saved(UserOutcome outcome) {
        if (outcome instanceof UserOutcome.Saved saved) {
            return saved.user();
        }
        throw Refused.because(
                outcome instanceof UserOutcome.NameTaken ? Message.USERNAME_TAKEN : Message.USER_NOT_FOUND);
    }
}
