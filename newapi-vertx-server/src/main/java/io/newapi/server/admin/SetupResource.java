package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.auth.Passwords;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.SetupOutcome;
import io.newapi.server.store.SetupRequest;
import io.newapi.server.store.SetupStatus;
import io.newapi.server.store.SetupStore;

/** {@code /api/setup}: the first start. Whether it is done is read from the database, whatever this process has seen. */
final class SetupResource {

    private static final int MAX_ROOT_NAME_BYTES = 12;

    private final SetupStore setup;
    private final Passwords passwords;
    private final AdminSettings settings;
    private final Changes changes;

    SetupResource(SetupStore setup, Passwords passwords, AdminSettings settings, Changes changes) {
        this.setup = setup;
        this.passwords = passwords;
        this.settings = settings;
        this.changes = changes;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/setup", Access.ANYONE, this::status).criticalPost("/api/setup", Access.ANYONE, this::run);
    }

    private Answer status(AdminCall call) {
        SetupStatus status = setup.status();
        ObjectNode data = Json.object()
                .put("status", status.done())
                .put("root_init", !status.done() && status.rootExists())
                .put("database_type", status.done() ? "" : settings.databaseType());
        return Answer.ok(data).withoutMessage();
    }

    private Answer run(AdminCall call) {
        if (setup.status().done()) {
            throw Refused.because(Message.SETUP_DONE);
        }
        Fields body = call.body();
        body.text("username", MAX_ROOT_NAME_BYTES);
        String username = Profile.username(body.text("username"), MAX_ROOT_NAME_BYTES);
        String password = Profile.rootPassword(body.text("password"));
        if (!password.equals(body.text("confirmPassword"))) {
            throw Refused.because(Message.PASSWORDS_DIFFER);
        }
        SetupOutcome outcome = setup.run(new SetupRequest(
                username,
                passwords.hash(password),
                body.flag("SelfUseModeEnabled"),
                body.flag("DemoSiteEnabled"),
                settings.version()));
        if (outcome instanceof SetupOutcome.Done) {
            changes.optionsChanged();
            return Answer.said(Message.SETUP_SUCCESS);
        }
        throw Refused.because(outcome instanceof SetupOutcome.NameTaken ? Message.USERNAME_TAKEN : Message.SETUP_DONE);
    }
}
