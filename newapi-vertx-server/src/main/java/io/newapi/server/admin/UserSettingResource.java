package io.newapi.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.Stores;
import io.newapi.server.store.UserChange;
import io.newapi.server.store.UserRow;
import io.newapi.server.store.UserStore;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;

/** {@code PUT /api/user/setting}: how a user is notified, and a few habits. What a body does not name stays as it was. */
final class UserSettingResource {

    private static final int MAX_TEXT_BYTES = 1024;
    private static final int USUAL_PRIORITY = 5;
    private static final int MAX_PRIORITY = 10;
    private static final Set<String> TYPES = Set.of("email", "webhook", "bark", "gotify");
    private static final List<String> TEXTS = List.of(
            "notification_email",
            "webhook_url",
            "webhook_secret",
            "bark_url",
            "gotify_url",
            "gotify_token",
            "language");
    private static final List<String> FLAGS = List.of("accept_unset_model_ratio_model", "record_ip_log");

    private final UserStore users;
    private final Stores stores;
    private final Changes changes;

    UserSettingResource(UserStore users, Stores stores, Changes changes) {
        this.users = users;
        this.stores = stores;
        this.changes = changes;
    }

    void mount(AdminRoutes routes) {
        routes.put("/api/user/setting", Access.USER, this::update);
    }

    private Answer update(AdminCall call) {
        Fields body = call.body();
        long id = call.actor().id();
        stores.atomically(() -> {
            UserRow self = users.byId(id).orElseThrow(() -> Refused.because(Message.USER_NOT_FOUND));
            ObjectNode setting = Json.parseObject(self.setting()).orElseGet(Json::object);
            merge(setting, body);
            requireReachable(setting);
            return UserResource.saved(users.update(id, UserChange.none().setting(Json.text(setting)), id));
        });
        changes.userChanged(id);
        return Answer.ok();
    }

    private static void merge(ObjectNode setting, Fields body) {
        String type = body.text("notify_type");
        if (!TYPES.contains(type)) {
            throw Refused.because(Message.FIELD_INVALID, "notify_type", type);
        }
        setting.put("notify_type", type);
        if (body.has("quota_warning_threshold")) {
            setting.set("quota_warning_threshold", threshold(body.raw("quota_warning_threshold")));
        }
        TEXTS.stream()
                .filter(body::has)
                .forEach(name ->
                        setting.put(name, body.text(name, MAX_TEXT_BYTES).strip()));
        if (body.has("gotify_priority")) {
            long priority = body.number("gotify_priority");
            setting.put("gotify_priority", priority < 0 || priority > MAX_PRIORITY ? USUAL_PRIORITY : (int) priority);
        }
        FLAGS.stream().filter(body::has).forEach(name -> setting.put(name, body.flag(name)));
    }

    private static JsonNode threshold(JsonNode value) {
        if (!value.isNumber()) {
            throw Refused.because(Message.FIELD_TYPE, "quota_warning_threshold", "number");
        }
        boolean writable = Math.abs((long) value.decimalValue().scale()) <= MAX_TEXT_BYTES;
        if (!writable || value.decimalValue().signum() <= 0) {
            throw Refused.because(Message.FIELD_INVALID, "quota_warning_threshold", "must be above 0");
        }
        return value;
    }

    /** The way that is chosen must lead somewhere. */
    private static void requireReachable(ObjectNode setting) {
        switch (setting.path("notify_type").asText()) {
            case "webhook" -> requireWebAddress(setting, "webhook_url");
            case "bark" -> requireWebAddress(setting, "bark_url");
            case "gotify" -> {
                requireWebAddress(setting, "gotify_url");
                if (setting.path("gotify_token").asText("").isEmpty()) {
                    throw Refused.because(Message.FIELD_MISSING, "gotify_token");
                }
            }
            default -> requireMailAddress(setting.path("notification_email").asText(""));
        }
    }

    private static void requireMailAddress(String address) {
        if (!address.isEmpty() && !address.contains("@")) {
            throw Refused.because(Message.FIELD_INVALID, "notification_email", address);
        }
    }

    private static void requireWebAddress(ObjectNode setting, String name) {
        String address = setting.path(name).asText("");
        if (address.isEmpty()) {
            throw Refused.because(Message.FIELD_MISSING, name);
        }
        try {
            // bark's address has places to be filled in
            URI uri = new URI(address.replaceAll("\\{\\{[a-z]+}}", "x"));
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (web && uri.getHost() != null) {
                return;
            }
        } catch (URISyntaxException e) {
            throw Refused.because(Message.FIELD_INVALID, name, address);
        }
        throw Refused.because(Message.FIELD_INVALID, name, address);
    }
}
