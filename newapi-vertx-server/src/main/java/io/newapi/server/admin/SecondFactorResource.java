package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.newapi.server.store.TwoFactorStore;

/**
 * What there is of second factors in this version: whether one is switched on. None can be checked, so nothing that needs one is
 * ever allowed, and an account that has one cannot log in with its password alone.
 */
final class SecondFactorResource {

    private final TwoFactorStore secondFactors;

    SecondFactorResource(TwoFactorStore secondFactors) {
        this.secondFactors = secondFactors;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/user/2fa/status", Access.USER, this::status)
                .get(
                        "/api/user/passkey",
                        Access.USER,
                        call -> Answer.ok(Json.object().put("enabled", false)))
                .get(
                        "/api/verify/status",
                        Access.USER,
                        call -> Answer.ok(Json.object().put("verified", false)))
                .criticalPost("/api/verify", Access.USER, SecondFactorResource::verify);
    }

    private Answer status(AdminCall call) {
        boolean enabled = secondFactors.enabledFor(call.actor().id());
        ObjectNode data = Json.object().put("enabled", enabled).put("locked", false);
        return Answer.ok(
                enabled
                        ? data.put(
                                "backup_codes_remaining",
                                secondFactors.backupCodes(call.actor().id()))
                        : data);
    }

    private static Answer verify(AdminCall call) {
        throw Refused.because(Message.STEP_UP_NOT_POSSIBLE);
    }

    /** The refusal on which the console opens its dialog for the second factor. */
    static Answer verificationRequired() {
        return Answer.failure(Refused.with(403, Message.STEP_UP_NOT_POSSIBLE))
                .with("code", TextNode.valueOf("VERIFICATION_REQUIRED"));
    }
}
