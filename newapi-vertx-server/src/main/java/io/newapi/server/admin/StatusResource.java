package io.newapi.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.store.DatabaseException;
import io.newapi.server.store.SetupStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * {@code /api/status} and the public texts. A way to log in that this version does not have is reported as switched off, whatever
 * the options say, so that no console offers it.
 */
final class StatusResource {

    private static final List<String> WITHOUT_SUPPORT = List.of(
            "email_verification",
            "github_oauth",
            "discord_oauth",
            "linuxdo_oauth",
            "telegram_oauth",
            "wechat_login",
            "turnstile_check",
            "oidc_enabled",
            "passkey_login");

    private final ConsoleOptions options;
    private final SetupStore setup;
    private final AdminSettings settings;
    private final IntSupplier callsUnderWay;
    private volatile boolean setUp;

    StatusResource(ConsoleOptions options, SetupStore setup, AdminSettings settings, IntSupplier callsUnderWay) {
        this.options = options;
        this.setup = setup;
        this.settings = settings;
        this.callsUnderWay = callsUnderWay;
    }

    /** Blocks: whether the first start is done is asked while the database is there, so that no health check has to wait for it. */
    void mount(AdminRoutes routes) {
        setUp = setup.status().done();
        routes.alwaysGet("/api/status", Access.ANYONE, this::status)
                .get("/api/status/test", Access.ADMIN, this::test)
                .get("/api/notice", Access.ANYONE, call -> text("Notice"))
                .get("/api/about", Access.ANYONE, call -> text("About"))
                .get("/api/home_page_content", Access.ANYONE, call -> text("HomePageContent"))
                .get("/api/user-agreement", Access.ANYONE, call -> text("legal.user_agreement"))
                .get("/api/privacy-policy", Access.ANYONE, call -> text("legal.privacy_policy"));
    }

    /** Whether the database answers, and how many calls of the relay are under way. */
    private Answer test(AdminCall call) {
        try {
            setup.status();
        } catch (DatabaseException e) {
            throw Refused.with(503, Message.DATABASE_DOWN);
        }
        return Answer.ok().with("http_stats", Json.object().put("active_connections", callsUnderWay.getAsInt()));
    }

    private Answer text(String key) {
        return Answer.ok(options.text(key));
    }

    private Answer status(AdminCall call) {
        ObjectNode data = Json.object()
                .put("version", settings.version())
                .put("start_time", settings.startTime().getEpochSecond());
        WITHOUT_SUPPORT.forEach(name -> data.put(name, false));
        site(data);
        money(data);
        console(data);
        logins(data);
        panels(data);
        return Answer.ok(data);
    }

    private boolean isSetUp() {
        if (!setUp) {
            setUp = setup.status().done();
        }
        return setUp;
    }

    private void site(ObjectNode data) {
        data.put("setup", isSetUp())
                .put("system_name", options.text("SystemName"))
                .put("logo", options.text("Logo"))
                .put("footer_html", options.text("Footer"))
                .put("server_address", options.current().serverAddress())
                .put("top_up_link", options.text("TopUpLink"))
                .put("docs_link", options.text("general_setting.docs_link"))
                .put("demo_site_enabled", options.flag("DemoSiteEnabled"))
                .put("self_use_mode_enabled", options.flag("SelfUseModeEnabled"))
                .put("default_use_auto_group", options.flag("DefaultUseAutoGroup"))
                .put(
                        "user_agreement_enabled",
                        !options.text("legal.user_agreement").isBlank())
                .put(
                        "privacy_policy_enabled",
                        !options.text("legal.privacy_policy").isBlank());
    }

    private void money(ObjectNode data) {
        String display = options.current().quotaDisplayType();
        data.put("quota_per_unit", options.number("QuotaPerUnit"))
                .put("display_in_currency", !display.equals("TOKENS"))
                .put("quota_display_type", display)
                .put("custom_currency_symbol", options.text("general_setting.custom_currency_symbol"))
                .put("custom_currency_exchange_rate", options.number("general_setting.custom_currency_exchange_rate"))
                .put("usd_exchange_rate", options.number("USDExchangeRate"))
                .put("price", options.number("Price"))
                .put("stripe_unit_price", options.number("StripeUnitPrice"));
    }

    private void console(ObjectNode data) {
        data.put("enable_batch_update", settings.batchUpdates())
                .put("enable_drawing", options.flag("DrawingEnabled"))
                .put("enable_task", options.flag("TaskEnabled"))
                .put("enable_data_export", options.flag("DataExportEnabled"))
                .put("data_export_default_time", options.text("DataExportDefaultTime"))
                .put("default_collapse_sidebar", options.flag("DefaultCollapseSidebar"))
                .put("mj_notify_enabled", options.flag("MjNotifyEnabled"))
                .put("HeaderNavModules", options.text("HeaderNavModules"))
                .put("SidebarModulesAdmin", options.text("SidebarModulesAdmin"));
        data.set("chats", list("Chats"));
    }

    private void logins(ObjectNode data) {
        data.put("github_client_id", options.text("GitHubClientId"))
                .put("discord_client_id", options.text("discord.client_id"))
                .put("linuxdo_client_id", options.text("LinuxDOClientId"))
                .put("linuxdo_minimum_trust_level", options.number("LinuxDOMinimumTrustLevel"))
                .put("telegram_bot_name", options.text("TelegramBotName"))
                .put("wechat_qrcode", options.text("WeChatAccountQRCodeImageURL"))
                .put("turnstile_site_key", options.text("TurnstileSiteKey"))
                .put("oidc_client_id", options.text("oidc.client_id"))
                .put("oidc_authorization_endpoint", options.text("oidc.authorization_endpoint"))
                .put("passkey_display_name", options.text("passkey.rp_display_name"))
                .put("passkey_rp_id", options.text("passkey.rp_id"))
                .put("passkey_origins", options.text("passkey.origins"))
                .put("passkey_allow_insecure", options.flag("passkey.allow_insecure_origin"))
                .put("passkey_user_verification", options.text("passkey.user_verification"))
                .put("passkey_attachment", options.text("passkey.attachment_preference"))
                .put("password_login_enabled", options.passwordLogin())
                .put("password_register_enabled", false)
                .put("register_enabled", false);
    }

    private void panels(ObjectNode data) {
        for (String name : List.of("api_info", "announcements", "faq")) {
            boolean enabled = options.flag("console_setting." + name + "_enabled");
            data.put(name + "_enabled", enabled);
            if (enabled) {
                ArrayNode entries = list("console_setting." + name);
                data.set(name, name.equals("announcements") ? newestFirst(entries) : entries);
            }
        }
        data.put("uptime_kuma_enabled", options.flag("console_setting.uptime_kuma_enabled"));
    }

    private ArrayNode list(String key) {
        return Json.parse(options.text(key))
                .filter(ArrayNode.class::isInstance)
                .map(ArrayNode.class::cast)
                .orElseGet(Json::array);
    }

    private static ArrayNode newestFirst(ArrayNode announcements) {
        List<JsonNode> sorted = new ArrayList<>();
        announcements.forEach(sorted::add);
        sorted.sort(Comparator.comparing(
                        (JsonNode entry) -> entry.path("publishDate").asText(""))
                .reversed());
        return Json.array().addAll(sorted);
    }
}
