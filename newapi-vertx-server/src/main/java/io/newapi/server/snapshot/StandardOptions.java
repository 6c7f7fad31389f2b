package io.newapi.server.snapshot;

import static io.newapi.server.snapshot.OptionChecks.any;
import static io.newapi.server.snapshot.OptionChecks.array;
import static io.newapi.server.snapshot.OptionChecks.between;
import static io.newapi.server.snapshot.OptionChecks.decimalFrom;
import static io.newapi.server.snapshot.OptionChecks.emptyOrObject;
import static io.newapi.server.snapshot.OptionChecks.nestedRatios;
import static io.newapi.server.snapshot.OptionChecks.nestedTexts;
import static io.newapi.server.snapshot.OptionChecks.object;
import static io.newapi.server.snapshot.OptionChecks.oneOf;
import static io.newapi.server.snapshot.OptionChecks.positive;
import static io.newapi.server.snapshot.OptionChecks.ratios;

import io.newapi.core.channel.HealthSettings;
import io.newapi.core.channel.RetryPolicy;
import io.newapi.core.channel.SelectionStrategy;
import io.newapi.core.pricing.PriceBook;
import io.newapi.server.snapshot.OptionKey.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** The options of New API's admin API, with its defaults, in the order of its console's pages. */
final class StandardOptions {

    private static final long MAX_COUNT = Integer.MAX_VALUE;

    /** More attempts for one call than there are channels anywhere. */
    private static final long MAX_RETRIES = 1_000;

    private final List<OptionKey> keys = new ArrayList<>();

    private StandardOptions() {}

    static List<OptionKey> list() {
        StandardOptions options = new StandardOptions();
        options.accounts();
        options.site();
        options.prices();
        options.groups();
        options.routing();
        options.selection();
        options.providers();
        options.payment();
        return List.copyOf(options.keys);
    }

    private void accounts() {
        flags(true, "PasswordLoginEnabled", "PasswordRegisterEnabled", "RegisterEnabled");
        flags(false, "EmailVerificationEnabled", "EmailDomainRestrictionEnabled", "EmailAliasRestrictionEnabled");
        text(
                "EmailDomainWhitelist",
                "gmail.com,163.com,126.com,qq.com,outlook.com,hotmail.com,icloud.com,yahoo.com,foxmail.com");
        texts("SMTPServer", "SMTPAccount", "SMTPFrom");
        whole("SMTPPort", 587, 1, 65_535);
        secret("SMTPToken");
        flags(false, "SMTPSSLEnabled", "GitHubOAuthEnabled");
        texts("GitHubClientId");
        secret("GitHubClientSecret");
        flags(false, "LinuxDOOAuthEnabled");
        texts("LinuxDOClientId");
        secret("LinuxDOClientSecret");
        whole("LinuxDOMinimumTrustLevel", 0, 0, 100);
        flags(false, "TelegramOAuthEnabled");
        texts("TelegramBotName");
        secret("TelegramBotToken");
        flags(false, "WeChatAuthEnabled");
        texts("WeChatServerAddress", "WeChatAccountQRCodeImageURL");
        secret("WeChatServerToken");
        flags(false, "TurnstileCheckEnabled");
        texts("TurnstileSiteKey");
        secret("TurnstileSecretKey");
        flags(false, "discord.enabled");
        texts("discord.client_id");
        secret("discord.client_secret");
        flags(false, "oidc.enabled");
        texts(
                "oidc.client_id",
                "oidc.well_known",
                "oidc.authorization_endpoint",
                "oidc.token_endpoint",
                "oidc.user_info_endpoint");
        secret("oidc.client_secret");
        flags(false, "passkey.enabled", "passkey.allow_insecure_origin");
        texts("passkey.rp_display_name", "passkey.rp_id", "passkey.origins");
        text("passkey.user_verification", "preferred", oneOf("required", "preferred", "discouraged"));
        text("passkey.attachment_preference", "", oneOf("", "platform", "cross-platform"));
    }

    private void site() {
        text("SystemName", "New API");
        texts("Logo", "Footer", "ServerAddress", "Notice", "About", "HomePageContent", "TopUpLink");
        json(
                "Chats",
                "[{\"Cherry Studio\":\"cherrystudio://providers/api-keys?v=1&data={cherryConfig}\"},"
                        + "{\"OpenCat\":\"opencat://team/join?domain={address}&token={key}\"}]",
                array());
        flags(false, "DefaultCollapseSidebar");
        flags(true, "DisplayInCurrencyEnabled", "DisplayTokenStatEnabled", "DrawingEnabled", "TaskEnabled");
        flags(true, "DataExportEnabled");
        whole("DataExportInterval", 5, 1, 1_440);
        text("DataExportDefaultTime", "hour", oneOf("hour", "day", "week"));
        json("HeaderNavModules", "", emptyOrObject());
        json("SidebarModulesAdmin", "", emptyOrObject());
        flags(false, "DemoSiteEnabled", "SelfUseModeEnabled");
        texts("legal.user_agreement", "legal.privacy_policy");
        text("general_setting.docs_link", "https://docs.newapi.pro");
        flags(false, "general_setting.ping_interval_enabled");
        whole("general_setting.ping_interval_seconds", 60, 1, 3_600);
        text("general_setting.quota_display_type", "USD", oneOf("USD", "CNY", "TOKENS", "CUSTOM"));
        text("general_setting.custom_currency_symbol", "¤");
        decimal("general_setting.custom_currency_exchange_rate", "1", positive());
        json("console_setting.api_info", "", ConsoleContent.apiInfo());
        json("console_setting.announcements", "", ConsoleContent.announcements());
        json("console_setting.faq", "", ConsoleContent.faq());
        json("console_setting.uptime_kuma_groups", "", ConsoleContent.uptimeGroups());
        flags(
                true,
                "console_setting.api_info_enabled",
                "console_setting.uptime_kuma_enabled",
                "console_setting.announcements_enabled",
                "console_setting.faq_enabled");
        for (String permission : List.of("FileUpload", "FileDownload", "ImageUpload", "ImageDownload")) {
            whole(permission + "Permission", 0, 0, MAX_COUNT);
        }
    }

    private void prices() {
        PriceBook shipped = PriceBook.shipped();
        decimal("QuotaPerUnit", "500000", OptionChecks.quotaPerUnit());
        for (String gift : List.of("QuotaForNewUser", "QuotaForInviter", "QuotaForInvitee")) {
            whole(gift, 0, 0, Long.MAX_VALUE);
        }
        whole("QuotaRemindThreshold", 1_000, 0, Long.MAX_VALUE);
        whole("PreConsumedQuota", PriceBook.DEFAULT_PRE_CONSUMED_TOKENS, 0, MAX_COUNT);
        flags(true, "quota_setting.enable_free_model_pre_consume");
        json("ModelRatio", RatioJson.of(shipped.modelRatios()), ratios());
        json("ModelPrice", RatioJson.of(shipped.modelPrices()), ratios());
        json("CompletionRatio", RatioJson.of(shipped.completionRatios()), ratios());
        json("CacheRatio", RatioJson.of(shipped.cacheRatios()), ratios());
        json("CreateCacheRatio", RatioJson.of(shipped.cacheWriteRatios()), ratios());
        json("ImageRatio", RatioJson.of(shipped.imageRatios()), ratios());
        json("AudioRatio", RatioJson.of(shipped.audioRatios()), ratios());
        json("AudioCompletionRatio", RatioJson.of(shipped.audioCompletionRatios()), ratios());
        json("billing_setting.billing_mode", "{}", OptionChecks.billingModes());
        json("billing_setting.billing_expr", "{}", OptionChecks.expressions());
        json("tool_price_setting.prices", RatioJson.of(shipped.toolPrices().byKey()), ratios());
        flags(false, "CompletionRatioUnlocked", "ExposeRatioEnabled");
    }

    private void groups() {
        PriceBook shipped = PriceBook.shipped();
        json("GroupRatio", RatioJson.of(shipped.groupRatios()), ratios());
        json("GroupGroupRatio", RatioJson.ofNested(shipped.groupGroupRatios()), nestedRatios());
        json("UserUsableGroups", "{\"default\":\"Default group\",\"vip\":\"VIP group\"}", OptionChecks.texts());
        json("group_ratio_setting.group_special_usable_group", "{}", nestedTexts());
        json("TopupGroupRatio", "{\"default\":1,\"svip\":1,\"vip\":1}", ratios());
        json("AutoGroups", "[\"default\"]", OptionChecks.list());
        flags(false, "DefaultUseAutoGroup");
        whole("token_setting.max_user_tokens", 1_000, 1, 1_000_000);
    }

    private void routing() {
        whole("RetryTimes", 0, 0, MAX_RETRIES);
        text("AutomaticRetryStatusCodes", RetryPolicy.DEFAULT_STATUSES.toString(), OptionChecks.statusRanges());
        text("AutomaticDisableStatusCodes", "401", OptionChecks.statusRanges());
        flags(false, "AutomaticDisableChannelEnabled", "AutomaticEnableChannelEnabled");
        decimal("ChannelDisableThreshold", "5", decimalFrom("0"));
        text("AutomaticDisableKeywords", """
            your credit balance is too low
            this organization has been disabled.
            you exceeded your current quota
            permission denied
            the security token included in the request is invalid
            operation not allowed
            your account is not authorized\
            """);
        flags(false, "monitor_setting.auto_test_channel_enabled");
        decimal("monitor_setting.auto_test_channel_minutes", "10", positive());
        flags(true, "LogConsumeEnabled");
        flags(false, "ModelRequestRateLimitEnabled");
        whole("ModelRequestRateLimitDurationMinutes", 1, 1, 1_440);
        whole("ModelRequestRateLimitCount", 0, 0, MAX_COUNT);
        whole("ModelRequestRateLimitSuccessCount", 1_000, 1, MAX_COUNT);
        json("ModelRequestRateLimitGroup", "{}", OptionChecks.rateLimits());
        flags(true, "CheckSensitiveEnabled", "CheckSensitiveOnPromptEnabled", "StopOnSensitiveEnabled");
        text("SensitiveWords", "test_sensitive");
        whole("StreamCacheQueueLength", 0, 0, MAX_COUNT);
        flags(false, "MjNotifyEnabled", "MjAccountFilterEnabled", "MjModeClearEnabled");
        flags(true, "MjForwardUrlEnabled", "MjActionCheckSuccessEnabled");
        texts("WorkerUrl");
        secret("WorkerValidKey");
        flags(false, "WorkerAllowHttpImageRequestEnabled");
        flags(true, "fetch_setting.enable_ssrf_protection");
        flags(
                false,
                "fetch_setting.allow_private_ip",
                "fetch_setting.domain_filter_mode",
                "fetch_setting.ip_filter_mode",
                "fetch_setting.apply_ip_filter_for_domain");
        json("fetch_setting.domain_list", "[]", OptionChecks.list());
        json("fetch_setting.ip_list", "[]", OptionChecks.list());
        json("fetch_setting.allowed_ports", "[\"80\",\"443\",\"8080\",\"8443\"]", OptionChecks.ports());
    }

    /** Not New API's: they begin with {@code channel_selection.} and {@code channel_health.}. */
    private void selection() {
        text(
                "channel_selection.strategy",
                SelectionStrategy.WEIGHTED.text(),
                oneOf(Arrays.stream(SelectionStrategy.values())
                        .map(SelectionStrategy::text)
                        .toArray(String[]::new)));
        flags(false, "channel_selection.affinity_enabled");
        text("channel_selection.affinity_header", "X-Session-Id", OptionChecks.headerName());
        HealthSettings health = HealthSettings.DEFAULT;
        flags(health.enabled(), "channel_health.enabled");
        whole("channel_health.window_seconds", health.window().toSeconds(), 1, 3_600);
        whole("channel_health.failures", health.failures(), 1, MAX_COUNT);
        whole("channel_health.failure_percent", health.failurePercent(), 1, 100);
        whole("channel_health.cool_down_seconds", health.coolDown().toSeconds(), 1, 3_600);
        whole("channel_health.max_cool_down_seconds", health.maxCoolDown().toSeconds(), 1, 86_400);
        whole("channel_health.max_retry_after_seconds", health.maxRetryAfter().toSeconds(), 0, 86_400);
        flags(health.retryAfterAtOnce(), "channel_health.retry_after_at_once");
    }

    private void providers() {
        flags(false, "global.pass_through_request_enabled");
        json(
                "global.thinking_model_blacklist",
                "[\"moonshotai/kimi-k2-thinking\",\"kimi-k2-thinking\"]",
                OptionChecks.list());
        json("claude.model_headers_settings", "{}", object());
        json("claude.default_max_tokens", "{\"default\":8192}", OptionChecks.tokenCounts());
        flags(true, "claude.thinking_adapter_enabled");
        decimal("claude.thinking_adapter_budget_tokens_percentage", "0.8", decimalFrom("0"));
        json("gemini.safety_settings", "{\"default\":\"OFF\"}", OptionChecks.texts());
        json("gemini.version_settings", "{\"default\":\"v1beta\",\"gemini-1.0-pro\":\"v1\"}", OptionChecks.versions());
        json(
                "gemini.supported_imagine_models",
                "[\"gemini-2.0-flash-exp-image-generation\",\"gemini-2.0-flash-exp\"]",
                OptionChecks.list());
        flags(false, "gemini.thinking_adapter_enabled");
        decimal("gemini.thinking_adapter_budget_tokens_percentage", "0.6", decimalFrom("0"));
        flags(true, "gemini.function_call_thought_signature_enabled");
        flags(true, "grok.violation_deduction_enabled");
        decimal(
                "grok.violation_deduction_amount",
                PriceBook.shipped().violationFee().usd().toString(),
                OptionChecks.ratio());
    }

    private void payment() {
        texts("PayAddress", "EpayId", "CustomCallbackAddress");
        secret("EpayKey");
        decimal("Price", "7.3", positive());
        decimal("USDExchangeRate", "7.3", positive());
        whole("MinTopUp", 1, 0, MAX_COUNT);
        json(
                "PayMethods",
                "[{\"name\":\"Alipay\",\"color\":\"rgba(var(--semi-blue-5), 1)\",\"type\":\"alipay\"},"
                        + "{\"name\":\"WeChat Pay\",\"color\":\"rgba(var(--semi-green-5), 1)\",\"type\":\"wxpay\"}]",
                array());
        secret("StripeApiSecret");
        secret("StripeWebhookSecret");
        texts("StripePriceId");
        decimal("StripeUnitPrice", "8", positive());
        whole("StripeMinTopUp", 1, 0, MAX_COUNT);
        flags(false, "StripePromotionCodesEnabled");
        secret("CreemApiKey");
        secret("CreemWebhookSecret");
        json("CreemProducts", "[]", array());
        flags(false, "CreemTestMode");
        json("payment_setting.amount_options", "[10,20,50,100,200,500]", array());
        json("payment_setting.amount_discount", "{}", object());
    }

    private void flags(boolean defaultValue, String... names) {
        for (String name : names) {
            add(name, Kind.FLAG, Boolean.toString(defaultValue), false, any());
        }
    }

    private void texts(String... names) {
        for (String name : names) {
            text(name, "");
        }
    }

    private void text(String name, String defaultText) {
        text(name, defaultText, any());
    }

    private void text(String name, String defaultText, Consumer<String> check) {
        add(name, Kind.TEXT, defaultText, false, check);
    }

    private void secret(String name) {
        add(name, Kind.TEXT, "", true, any());
    }

    private void whole(String name, long defaultValue, long least, long most) {
        add(name, Kind.WHOLE_NUMBER, Long.toString(defaultValue), false, between(least, most));
    }

    private void decimal(String name, String defaultText, Consumer<String> check) {
        add(name, Kind.DECIMAL, defaultText, false, check);
    }

    private void json(String name, String defaultText, Consumer<String> check) {
        add(name, Kind.JSON, defaultText, false, check);
    }

    private void add(String name, Kind kind, String defaultText, boolean secret, Consumer<String> check) {
        keys.add(new OptionKey(name, kind, defaultText, secret, check));
    }
}
