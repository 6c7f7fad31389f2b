package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.core.access.Role;
import io.newapi.server.store.UserRow;
import java.util.List;

/** How a user looks in answers: never with a password hash or an access token. */
final class UserView {

    private static final List<String> SECRET_SETTINGS = List.of("webhook_secret", "gotify_token");

    private UserView() {}

    /** The user object of the admin endpoints; secrets that the user keeps in his settings are left out. */
    static ObjectNode forAdmin(UserRow user) {
        ObjectNode view = empty();
        common(view, user);
        view.put("setting", withoutSecrets(user.setting()));
        user.deletedAt().ifPresent(time -> view.put("DeletedAt", time.toString()));
        if (!user.remark().isEmpty()) {
            view.put("remark", user.remark());
        }
        return view;
    }

    /** The answer to a login: the keys of the user object, of which only a few are filled. */
    static ObjectNode forLogin(UserRow user) {
        return empty().put("id", user.id())
                .put("username", user.username())
                .put("display_name", user.displayName())
                .put("role", user.role())
                .put("status", user.status())
                .put("group", user.group());
    }

    /** The answer to a managing action: the keys of the user object, of which only role and status are filled. */
    static ObjectNode forManaging(int role, int status) {
        return empty().put("role", role).put("status", status);
    }

    /** A user's view of himself. */
    static ObjectNode forSelf(UserRow user) {
        ObjectNode view = Json.object();
        common(view, user);
        view.put("setting", user.setting());
        view.put(
                "sidebar_modules",
                Json.parseObject(user.setting())
                        .map(setting -> setting.path("sidebar_modules").asText(""))
                        .orElse(""));
        view.set("permissions", permissions(user.role()));
        return view;
    }

    private static ObjectNode empty() {
        ObjectNode view = Json.object()
                .put("id", 0)
                .put("username", "")
                .put("password", "")
                .put("original_password", "")
                .put("display_name", "")
                .put("role", 0)
                .put("status", 0);
        for (String name : List.of("email", "github_id", "discord_id", "oidc_id", "wechat_id", "telegram_id")) {
            view.put(name, "");
        }
        view.put("verification_code", "");
        for (String name : List.of("quota", "used_quota", "request_count")) {
            view.put(name, 0);
        }
        view.put("group", "").put("aff_code", "");
        for (String name : List.of("aff_count", "aff_quota", "aff_history_quota", "inviter_id")) {
            view.put(name, 0);
        }
        return view.putNull("DeletedAt")
                .put("linux_do_id", "")
                .put("setting", "")
                .put("stripe_customer", "");
    }

    private static void common(ObjectNode view, UserRow user) {
        view.put("id", user.id())
                .put("username", user.username())
                .put("display_name", user.displayName())
                .put("role", user.role())
                .put("status", user.status())
                .put("email", user.email())
                .put("github_id", user.githubId())
                .put("discord_id", user.discordId())
                .put("oidc_id", user.oidcId())
                .put("wechat_id", user.wechatId())
                .put("telegram_id", user.telegramId())
                .put("group", user.group())
                .put("quota", user.quota())
                .put("used_quota", user.usedQuota())
                .put("request_count", user.requestCount())
                .put("aff_code", user.affCode())
                .put("aff_count", user.affCount())
                .put("aff_quota", user.affQuota())
                .put("aff_history_quota", user.affHistory())
                .put("inviter_id", user.inviterId())
                .put("linux_do_id", user.linuxDoId())
                .put("stripe_customer", user.stripeCustomer());
    }

    private static ObjectNode permissions(int role) {
        ObjectNode modules = Json.object();
        if (role < Role.ADMIN.code()) {
            modules.put("admin", false);
        } else if (role < Role.ROOT.code()) {
            modules.set("admin", Json.object().put("setting", false));
        }
        ObjectNode permissions = Json.object().put("sidebar_settings", role < Role.ROOT.code());
        permissions.set("sidebar_modules", modules);
        return permissions;
    }

    /** A setting that is no JSON object is not shown at all: nobody can say what is in it. */
    private static String withoutSecrets(String setting) {
        return Json.parseObject(setting)
                .map(object -> {
                    SECRET_SETTINGS.stream().filter(object::has).forEach(name -> object.put(name, ""));
                    return Json.text(object);
                })
                .orElse("");
    }
}
