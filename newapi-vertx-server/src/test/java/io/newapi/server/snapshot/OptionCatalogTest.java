package io.newapi.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionCatalogTest {

    private static final OptionCatalog CATALOG = OptionCatalog.standard();

    @Test
    void everyDefaultIsAValidValue() {
        for (OptionKey key : CATALOG.keys()) {
            assertThatCode(() -> key.normalised(key.defaultText()))
                    .as(key.name())
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PasswordLoginEnabled,true",
        "EmailVerificationEnabled,false",
        "SMTPPort,587",
        "SystemName,New API",
        "DataExportInterval,5",
        "DataExportDefaultTime,hour",
        "QuotaPerUnit,500000",
        "PreConsumedQuota,500",
        "QuotaRemindThreshold,1000",
        "RetryTimes,0",
        "ChannelDisableThreshold,5",
        "LogConsumeEnabled,true",
        "ModelRequestRateLimitSuccessCount,1000",
        "general_setting.quota_display_type,USD",
        "general_setting.ping_interval_seconds,60",
        "claude.thinking_adapter_budget_tokens_percentage,0.8",
        "passkey.user_verification,preferred",
        "Price,7.3",
        "StripeUnitPrice,8",
        "token_setting.max_user_tokens,1000",
    })
    void defaultsAreThoseOfTheOriginal(String name, String text) {
        assertThat(Options.defaults().text(name)).isEqualTo(text);
    }

    @Test
    void priceTablesDefaultToTheShippedOnes() {
        assertThat(Options.defaults().text("GroupRatio")).isEqualTo("{\"default\":1,\"svip\":1,\"vip\":1}");
        assertThat(Options.defaults().text("GroupGroupRatio")).isEqualTo("{\"vip\":{\"edit_this\":0.9}}");
        assertThat(JsonText.ratios(Options.defaults().text("ModelRatio"))).hasSizeGreaterThan(200);
    }

    @ParameterizedTest
    @CsvSource({
        "RetryTimes,3,3",
        "RetryTimes,5.000000,5",
        "RetryTimes, 7 ,7",
        "QuotaPerUnit,500000.50,500000.5",
        "QuotaPerUnit,5e5,500000",
        "LogConsumeEnabled,false,false",
        "SystemName, Our Gateway ,Our Gateway",
        "StripeUnitPrice,7.250000,7.25"
    })
    void valuesAreBroughtIntoTheirStoredForm(String name, String value, String stored) {
        assertThat(normalised(name, value)).isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "RetryTimes;-1",
                "RetryTimes;abc",
                "RetryTimes;1.5",
                "RetryTimes;100000",
                "RetryTimes;''",
                "QuotaPerUnit;0",
                "QuotaPerUnit;-5",
                "QuotaPerUnit;NaN",
                "QuotaPerUnit;1e999999999",
                "LogConsumeEnabled;yes",
                "LogConsumeEnabled;True",
                "DataExportDefaultTime;month",
                "SMTPPort;70000",
                "ModelRatio;{",
                "ModelRatio;''",
                "ModelRatio;[]",
                "ModelRatio;null",
                "ModelRatio;{\"m\":-1}",
                "ModelRatio;{\"m\":\"1\"}",
                "ModelRatio;{\"m\":null}",
                "ModelRatio;{\"m\":1} {}",
                "ModelRatio;{\"m\":NaN}",
                "GroupRatio;{\"vip\":-0.1}",
                "GroupGroupRatio;{\"vip\":0.9}",
                "UserUsableGroups;{\"vip\":1}",
                "AutoGroups;{}",
                "AutoGroups;[1]",
                "ModelRequestRateLimitGroup;{\"vip\":[1]}",
                "ModelRequestRateLimitGroup;{\"vip\":[-1,5]}",
                "ModelRequestRateLimitGroup;{\"vip\":[1,0]}",
                "ModelRequestRateLimitGroup;{\"vip\":[1,2147483648]}",
                "AutomaticRetryStatusCodes;99",
                "fetch_setting.allowed_ports;[\"http\"]",
                "console_setting.faq;{}",
                "general_setting.quota_display_type;EUR",
                "channel_selection.strategy;fastest",
                "channel_selection.affinity_header;X Session",
                "claude.default_max_tokens;{\"default\":0}",
                "claude.default_max_tokens;{\"default\":\"8192\"}",
                "gemini.version_settings;{\"default\":\"v1/models\"}",
                "channel_health.failures;0",
                "channel_health.failure_percent;101",
                "channel_health.window_seconds;0"
            })
    void senselessValuesAreRefusedByName(String name, String value) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> normalised(name, value))
                .withMessageStartingWith(name + ":")
                .satisfies(e -> assertThat(e.key()).isEqualTo(name));
    }

    @Test
    void theOffendingEntryOfATableIsNamed() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> normalised("ModelRatio", "{\"good\":1,\"bad\":-2}"))
                .withMessageContaining("'bad'")
                .withMessageContaining("-2");
    }

    @Test
    void aKeyThatIsNotKnownIsRefused() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> normalised("NoSuchOption", "1"))
                .withMessageContaining("NoSuchOption");
    }

    @Test
    void aValueBeyondTheLimitIsRefused() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> normalised("Notice", "x".repeat(OptionKey.MAX_BYTES + 1)));
        assertThat(normalised("Notice", "x".repeat(1_000_000))).hasSize(1_000_000);
    }

    @Test
    void aSwitchNeedsWhatItSwitches() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> normalised("GitHubOAuthEnabled", "true"))
                .withMessageContaining("GitHubClientId");
        Options withId =
                Options.read(Map.of("GitHubClientId", "id"), Options.defaults()).options();

        assertThat(CATALOG.normalised("GitHubOAuthEnabled", "true", withId)).isEqualTo("true");
        assertThat(normalised("GitHubOAuthEnabled", "false")).isEqualTo("false");
    }

    @Test
    void theOtherNameOfASettingIsStoredUnderItsFirst() {
        assertThat(CATALOG.nameOf("group_ratio_setting.group_ratio")).isEqualTo("GroupRatio");
        assertThat(normalised("group_ratio_setting.group_ratio", "{\"a\":2}")).isEqualTo("{\"a\":2}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SMTPToken",
                "GitHubClientSecret",
                "LinuxDOClientSecret",
                "TelegramBotToken",
                "WeChatServerToken",
                "TurnstileSecretKey",
                "discord.client_secret",
                "oidc.client_secret",
                "WorkerValidKey",
                "EpayKey",
                "StripeApiSecret",
                "StripeWebhookSecret",
                "CreemApiKey",
                "CreemWebhookSecret",
                "SomethingLater.api_key",
                "WaffoPrivateKey"
            })
    void secretsAreNeverShown(String name) {
        Options options =
                Options.read(Map.of(name, "s3cret"), Options.defaults()).options();

        assertThat(CATALOG.mayShow(name)).isFalse();
        assertThat(CATALOG.shown(options)).doesNotContainKey(name).doesNotContainValue("s3cret");
        assertThat(options.toString()).doesNotContain("s3cret");
    }

    @Test
    void harmlessOptionsAreShownWithTheirDefaults() {
        Options options = Options.read(
                        Map.of("TurnstileSiteKey", "site", "LaterVersion", "kept", "RetryTimes", "2"),
                        Options.defaults())
                .options();

        assertThat(CATALOG.shown(options))
                .containsEntry("TurnstileSiteKey", "site")
                .containsEntry("LaterVersion", "kept")
                .containsEntry("RetryTimes", "2")
                .containsEntry("QuotaPerUnit", "500000");
    }

    private static String normalised(String name, String value) {
        return CATALOG.normalised(name, value, Options.defaults());
    }
}
