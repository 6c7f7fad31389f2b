package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.core.pricing.PriceBook;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsAndPricesTest {

    private AdminServer server;
    private AdminClient root;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = AdminServer.start(directory);
        root = server.root();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aBadValueLeavesPricesAsTheyWere() {
        assertThat(put("ModelRatio", "{\"m1\":2.5}").success()).isTrue();
        PriceBook before = server.snapshots.current().prices();

        for (String bad : List.of("{\"m1\":", "[]", "{\"m1\":-1}", "{\"m1\":\"x\"}", "null", "{\"m1\":NaN}")) {
            AdminReply reply = put("ModelRatio", bad);
            assertThat(reply.status()).as(bad).isEqualTo(200);
            assertThat(reply.code()).as(bad).isEqualTo("option_invalid");
        }
        assertThat(put("QuotaPerUnit", "abc").code()).isEqualTo("option_invalid");
        assertThat(put("QuotaPerUnit", "0").code()).isEqualTo("option_invalid");

        assertThat(server.snapshots.current().prices()).isSameAs(before);
        assertThat(server.stores.options().get("ModelRatio")).contains("{\"m1\":2.5}");
    }

    @Test
    void unknownKeysAreRefusedAndUndecodableBodiesAreABadRequest() {
        assertThat(put("NoSuchOption", "x").code()).isEqualTo("option_unknown");
        assertThat(root.send("PUT", "/api/option/", "{oops").status()).isEqualTo(400);
        assertThat(root.put("/api/option/", "value", "x").code()).isEqualTo("field_missing");
    }

    @Test
    void switchesAndNumbersMayComeAsJson() {
        assertThat(root.put("/api/option/", "key", "DrawingEnabled", "value", false)
                        .success())
                .isTrue();
        assertThat(root.put("/api/option/", "key", "Price", "value", new java.math.BigDecimal("7.12345678"))
                        .success())
                .isTrue();

        JsonNode status = server.client().get("/api/status").data();
        assertThat(status.path("enable_drawing").asBoolean(true)).isFalse();
        assertThat(status.path("price").decimalValue()).isEqualByComparingTo("7.12345678");
    }

    @Test
    void aFewCharactersNeverStandForMoreDigitsThanCanBeWrittenOut() {
        assertThat(root.send("PUT", "/api/option/", "{\"key\":\"Notice\",\"value\":1e999999999}")
                        .code())
                .isEqualTo("field_type");
        assertThat(put("Chats", "[1e10000]").code()).isEqualTo("option_invalid");
        assertThat(put("console_setting.faq", "[{\"question\":1e-10000}]").code())
                .isEqualTo("option_invalid");

        assertThat(server.client().get("/api/status").success()).isTrue();
    }

    @Test
    void theOlderSwitchForAmountsSetsTheNewerOption() {
        put("general_setting.quota_display_type", "CNY");

        root.put("/api/option/", "key", "DisplayInCurrencyEnabled", "value", false);
        assertThat(server.client()
                        .get("/api/status")
                        .data()
                        .path("quota_display_type")
                        .asText())
                .isEqualTo("TOKENS");

        root.put("/api/option/", "key", "DisplayInCurrencyEnabled", "value", true);
        assertThat(server.client()
                        .get("/api/status")
                        .data()
                        .path("quota_display_type")
                        .asText())
                .isEqualTo("USD");
    }

    @Test
    void secretsAreWrittenAndNeverListed() {
        put("SMTPToken", "hidden-1");
        put("oidc.client_secret", "hidden-2");
        put("TurnstileSiteKey", "public-1");

        String list = root.get("/api/option/").text();

        assertThat(list)
                .doesNotContain("hidden-1", "hidden-2", "SMTPToken", "oidc.client_secret")
                .contains("public-1");
    }

    @Test
    void theShippedRatiosComeBack() {
        put("ModelRatio", "{\"m1\":2.5}");

        assertThat(root.post("/api/option/rest_model_ratio").success()).isTrue();
        assertThat(server.snapshots.current().prices().modelRatios())
                .isEqualTo(PriceBook.shipped().modelRatios());
    }

    @Test
    void pricesAreListedForTheModelsOfChannels() {
        root.post(
                "/api/channel/",
                "mode",
                "single",
                "channel",
                AdminClient.object(
                        "type", 1, "name", "c", "key", "k", "models", "m-token,m-call,m-free", "group", "default,vip"));
        put("ModelRatio", "{\"m-token\":2.5}");
        put("ModelPrice", "{\"m-call\":0.04}");
        put("CompletionRatio", "{\"m-token\":3}");

        JsonNode pricing = server.client().get("/api/pricing").json();

        assertThat(pricing.path("success").asBoolean()).isTrue();
        JsonNode models = pricing.path("data");
        assertThat(models.findValuesAsText("model_name")).containsExactly("m-call", "m-free", "m-token");
        assertThat(models.path(0).path("quota_type").asInt()).isEqualTo(1);
        assertThat(models.path(0).path("model_price").decimalValue()).isEqualByComparingTo("0.04");
        assertThat(models.path(2).path("model_ratio").decimalValue()).isEqualByComparingTo("2.5");
        assertThat(models.path(2).path("completion_ratio").decimalValue()).isEqualByComparingTo("3");
        assertThat(models.path(2).path("enable_groups").toString()).isEqualTo("[\"default\",\"vip\"]");
        assertThat(pricing.path("group_ratio").path("vip").decimalValue()).isEqualByComparingTo("1");
        assertThat(pricing.path("usable_group").has("default")).isTrue();
        assertThat(pricing.path("supported_endpoint")
                        .path("openai")
                        .path("path")
                        .asText())
                .isEqualTo("/v1/chat/completions");
        assertThat(pricing.path("auto_groups").toString()).isEqualTo("[\"default\"]");
        assertThat(pricing.path("vendors").isArray()).isTrue();
    }

    @Test
    void ratiosArePublishedOnlyWhenAskedFor() {
        assertThat(server.client().get("/api/ratio_config").status()).isEqualTo(403);
        put("ExposeRatioEnabled", "true");
        JsonNode data = server.client().get("/api/ratio_config").data();
        assertThat(data.path("model_ratio").isObject()).isTrue();
        assertThat(data.has("completion_ratio") && data.has("cache_ratio") && data.has("model_price"))
                .isTrue();
    }

    @Test
    void groupsOfferWhatAUserMayChoose() {
        JsonNode groups = root.get("/api/user/self/groups").data();

        assertThat(groups.path("default").path("ratio").decimalValue()).isEqualByComparingTo("1");
        assertThat(groups.path("default").path("desc").isTextual()).isTrue();
        assertThat(root.get("/api/models").data().path("1").toString()).contains("gpt-4o");
    }

    @Test
    void statusHasEveryDocumentedKey() {
        JsonNode status = server.client().get("/api/status").data();

        assertThat(STATUS_KEYS)
                .allSatisfy(key -> assertThat(status.has(key)).as(key).isTrue());
        assertThat(status.path("quota_per_unit").decimalValue()).isEqualByComparingTo("500000");
        assertThat(status.path("chats").isArray()).isTrue();
        assertThat(status.path("HeaderNavModules").isTextual()).isTrue();
    }

    private AdminReply put(String key, String value) {
        return root.put("/api/option/", "key", key, "value", value);
    }

    private static final List<String> STATUS_KEYS = List.of(
            "version",
            "start_time",
            "email_verification",
            "github_oauth",
            "github_client_id",
            "discord_oauth",
            "discord_client_id",
            "linuxdo_oauth",
            "linuxdo_client_id",
            "linuxdo_minimum_trust_level",
            "telegram_oauth",
            "telegram_bot_name",
            "system_name",
            "logo",
            "footer_html",
            "wechat_qrcode",
            "wechat_login",
            "server_address",
            "turnstile_check",
            "turnstile_site_key",
            "top_up_link",
            "docs_link",
            "quota_per_unit",
            "display_in_currency",
            "quota_display_type",
            "custom_currency_symbol",
            "custom_currency_exchange_rate",
            "enable_batch_update",
            "enable_drawing",
            "enable_task",
            "enable_data_export",
            "data_export_default_time",
            "default_collapse_sidebar",
            "mj_notify_enabled",
            "chats",
            "demo_site_enabled",
            "self_use_mode_enabled",
            "default_use_auto_group",
            "usd_exchange_rate",
            "price",
            "stripe_unit_price",
            "api_info_enabled",
            "uptime_kuma_enabled",
            "announcements_enabled",
            "faq_enabled",
            "HeaderNavModules",
            "SidebarModulesAdmin",
            "oidc_enabled",
            "oidc_client_id",
            "oidc_authorization_endpoint",
            "passkey_login",
            "passkey_display_name",
            "passkey_rp_id",
            "passkey_origins",
            "passkey_allow_insecure",
            "passkey_user_verification",
            "passkey_attachment",
            "setup",
            "user_agreement_enabled",
            "privacy_policy_enabled",
            "api_info",
            "announcements",
            "faq");
}
