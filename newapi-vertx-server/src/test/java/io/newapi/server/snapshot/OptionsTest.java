package io.newapi.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.newapi.core.access.Groups;
import io.newapi.core.channel.HealthSettings;
import io.newapi.core.channel.RetryPolicy;
import io.newapi.core.channel.SelectionStrategy;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.pricing.Ratio;
import io.newapi.core.pricing.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void withoutRowsTheDefaultsCount() {
        Options options = Options.defaults();

        assertThat(options.retryTimes()).isZero();
        assertThat(options.logConsumeEnabled()).isTrue();
        assertThat(options.freeModelsPreConsume()).isTrue();
        assertThat(options.dataExportEnabled()).isTrue();
        assertThat(options.selfUse()).isFalse();
        assertThat(options.preConsumedQuota()).isEqualTo(500);
        assertThat(options.quotaPerUnit()).isEqualByComparingTo("500000");
        assertThat(options.maxUserTokens()).isEqualTo(1_000);
        assertThat(options.isStored("RetryTimes")).isFalse();
    }

    @Test
    void rowsReplaceDefaults() {
        Options options = read(Map.of(
                "RetryTimes", "4",
                "LogConsumeEnabled", "false",
                "SelfUseModeEnabled", "true",
                "QuotaPerUnit", "1000.5",
                "Notice", "hello"));

        assertThat(options.retryTimes()).isEqualTo(4);
        assertThat(options.logConsumeEnabled()).isFalse();
        assertThat(options.selfUse()).isTrue();
        assertThat(options.quotaPerUnit()).isEqualTo(new BigDecimal("1000.5"));
        assertThat(options.text("Notice")).isEqualTo("hello");
        assertThat(options.isStored("RetryTimes")).isTrue();
    }

    @Test
    void channelsAreChosenByWeightAndYieldAfterFailuresUnlessOptionsSayOtherwise() {
        Options defaults = Options.defaults();
        Options changed = read(Map.of(
                "channel_selection.strategy", "least_in_flight",
                "channel_selection.affinity_enabled", "true",
                "channel_selection.affinity_header", "",
                "channel_health.enabled", "false",
                "channel_health.cool_down_seconds", "90",
                "AutomaticRetryStatusCodes", "429"));

        assertThat(defaults.selectionTerms().strategy()).isEqualTo(SelectionStrategy.WEIGHTED);
        assertThat(defaults.selectionTerms().yielding()).isTrue();
        assertThat(defaults.affinityEnabled()).isFalse();
        assertThat(defaults.affinityHeader()).isEqualTo("X-Session-Id");
        assertThat(defaults.channelHealth()).isEqualTo(HealthSettings.DEFAULT);
        assertThat(defaults.retryStatuses()).isEqualTo(RetryPolicy.DEFAULT_STATUSES);
        assertThat(changed.selectionTerms().strategy()).isEqualTo(SelectionStrategy.LEAST_IN_FLIGHT);
        assertThat(changed.selectionTerms().yielding()).isFalse();
        assertThat(changed.affinityEnabled()).isTrue();
        assertThat(changed.affinityHeader()).isEmpty();
        assertThat(changed.retryStatuses().contains(500)).isFalse();
    }

    @Test
    void aLongestCoolDownBelowTheFirstOneCountsAsThat() {
        HealthSettings health =
                read(Map.of("channel_health.cool_down_seconds", "90")).channelHealth();

        assertThat(health.coolDown()).isEqualTo(Duration.ofSeconds(90));
        assertThat(health.maxCoolDown()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aBadRowKeepsTheDefaultAndIsReported() {
        Options.Reading reading =
                Options.read(Map.of("RetryTimes", "many", "QuotaPerUnit", "abc", "Notice", "x"), Options.defaults());

        assertThat(reading.options().retryTimes()).isZero();
        assertThat(reading.options().quotaPerUnit()).isEqualByComparingTo("500000");
        assertThat(reading.options().text("Notice")).isEqualTo("x");
        assertThat(reading.problems()).extracting(Problem::subject).containsExactly("QuotaPerUnit", "RetryTimes");
        assertThat(reading.problems().get(1).message()).contains("many").contains("default");
    }

    @Test
    void audioTablesToolPricesAndTheFineForContentFeedThePriceBook() {
        PriceBook prices = read(Map.of(
                        "AudioRatio", "{\"m\":3}",
                        "AudioCompletionRatio", "{\"m\":4}",
                        "tool_price_setting.prices", "{\"web_search\":11,\"my_tool:gpt-*\":2}",
                        "grok.violation_deduction_amount", "0.07"))
                .prices();

        assertThat(prices.audioRatios()).containsOnly(Map.entry("m", Ratio.of(3)));
        assertThat(prices.audioCompletionRatios()).containsOnly(Map.entry("m", Ratio.of(4)));
        assertThat(prices.toolPrices().byKey())
                .containsEntry("web_search", Ratio.of(11))
                .containsEntry("my_tool:gpt-*", Ratio.of(2))
                .containsEntry("google_search", Ratio.of(14));
        assertThat(prices.violationFee().usd()).isEqualTo(Ratio.parse("0.07"));
        assertThat(read(Map.of("grok.violation_deduction_enabled", "false"))
                        .prices()
                        .violationFee()
                        .usd())
                .isEqualTo(Ratio.ZERO);
    }

    @Test
    void aModelInTieredModeIsPricedByItsExpressionAndRefusedWithoutOne() {
        PriceBook prices = read(Map.of(
                        "billing_setting.billing_mode",
                        "{\"gpt-4o\":\"tiered_expr\",\"lost\":\"tiered_expr\",\"gpt-4\":\"ratio\"}",
                        "billing_setting.billing_expr",
                        "{\"gpt-4o\":\"p * 2.5 + c * 10\",\"gpt-4\":\"p * 9\"}"))
                .prices();

        assertThat(quotaOf(prices, "gpt-4o")).isEqualTo("6250"); // (1000 x 2.5 + 1000 x 10) / 1000000 x 500000
        assertThat(quotaOf(prices, "gpt-4")).isEqualTo("45000"); // (1000 + 1000 x 2) x 15
        assertThat(quotaOf(prices, "lost")).isEqualTo("unpriced");
    }

    private static String quotaOf(PriceBook prices, String model) {
        return prices.quote(model, "default", "default", false)
                .match(quote -> Long.toString(quote.quotaOf(Usage.of(1_000, 1_000))), unpriced -> "unpriced");
    }

    @Test
    void anExpressionThatIsNoneOrBelowZeroIsRefusedWithModelAndPlace() {
        assertThat(problem("billing_setting.billing_expr", "{\"m\":\"p * \"}")).contains("'m'", "at character 5");
        assertThat(problem("billing_setting.billing_expr", "{\"m\":\"p - 500\"}"))
                .contains("'m'", "below zero");
        assertThat(problem("billing_setting.billing_expr", "{\"m\":\"1 / p\"}")).contains("division by zero");
        assertThat(problem("billing_setting.billing_mode", "{\"m\":\"dear\"}")).contains("'m'", "tiered_expr");
        assertThat(problem("grok.violation_deduction_amount", "-1")).contains("negative");
    }

    private static String problem(String option, String text) {
        return Options.read(Map.of(option, text), Options.defaults())
                .problems()
                .get(0)
                .message();
    }

    @Test
    void aBadRowKeepsTheValueBeforeIt() {
        Options before = read(Map.of("ModelRatio", "{\"m\":2}"));

        Options.Reading reading = Options.read(Map.of("ModelRatio", "{\"m\":"), before);

        assertThat(reading.options().prices().modelRatios()).containsExactly(Map.entry("m", Ratio.of(2)));
        assertThat(reading.problems()).hasSize(1);
        assertThat(reading.problems().get(0).message()).contains("value before");
    }

    @Test
    void aBadSecretIsNotRepeated() {
        String secret = "x".repeat(OptionKey.MAX_BYTES + 1);

        Options.Reading reading = Options.read(Map.of("SMTPToken", secret), Options.defaults());

        assertThat(reading.problems().get(0).toString()).doesNotContain("xxx");
    }

    @Test
    void anyFlagButTrueIsFalseAsInTheOriginal() {
        assertThat(read(Map.of("LogConsumeEnabled", "")).logConsumeEnabled()).isFalse();
        assertThat(read(Map.of("LogConsumeEnabled", "1")).logConsumeEnabled()).isFalse();
    }

    @Test
    void rowsOfOtherVersionsAreKeptAside() {
        Options options = read(Map.of("SomethingLater", "x"));

        assertThat(options.unknown()).containsExactly(Map.entry("SomethingLater", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> options.text("SomethingLater"));
    }

    @Test
    void ofTwoNamesForOneSettingTheFirstCounts() {
        assertThat(read(Map.of("group_ratio_setting.group_ratio", "{\"a\":2}")).text("GroupRatio"))
                .isEqualTo("{\"a\":2}");
        assertThat(read(Map.of("group_ratio_setting.group_ratio", "{\"a\":2}", "GroupRatio", "{\"a\":3}"))
                        .text("GroupRatio"))
                .isEqualTo("{\"a\":3}");
    }

    @Test
    void theOlderSwitchStillDecidesHowAmountsAreShown() {
        assertThat(Options.defaults().quotaDisplayType()).isEqualTo("USD");
        assertThat(read(Map.of("DisplayInCurrencyEnabled", "false")).quotaDisplayType())
                .isEqualTo("TOKENS");
        assertThat(read(Map.of("DisplayInCurrencyEnabled", "false", "general_setting.quota_display_type", "CNY"))
                        .quotaDisplayType())
                .isEqualTo("CNY");
    }

    @Test
    void theServerAddressHasNoSlashAtItsEnd() {
        assertThat(Options.defaults().serverAddress()).isEqualTo("http://localhost:3000");
        assertThat(read(Map.of("ServerAddress", "https://api.example//")).serverAddress())
                .isEqualTo("https://api.example");
    }

    @Test
    void pricesAreTheShippedOnesUntilATableIsStored() {
        PriceBook shipped = PriceBook.shipped();
        PriceBook prices = read(Map.of("ModelRatio", "{\"own\":1.10}", "PreConsumedQuota", "7"))
                .prices();

        assertThat(prices.modelRatios()).as("the whole table").containsExactly(Map.entry("own", Ratio.parse("1.1")));
        assertThat(prices.modelPrices()).isEqualTo(shipped.modelPrices());
        assertThat(prices.cacheRatios()).isEqualTo(shipped.cacheRatios());
        assertThat(prices.groupGroupRatios()).isEqualTo(shipped.groupGroupRatios());
        assertThat(prices.preConsumedTokens()).isEqualTo(7);
        assertThat(Options.defaults().prices().modelRatios()).isEqualTo(shipped.modelRatios());
    }

    @Test
    void numbersKeepTheirDigits() {
        PriceBook prices = read(Map.of(
                        "ModelRatio", "{\"m\":0.1234567890123456789,\"e\":1.5e-3}",
                        "GroupRatio", "{\"g\":0.30000000000000000001}",
                        "QuotaPerUnit", "123456.789"))
                .prices();

        assertThat(prices.modelRatios().get("m")).hasToString("0.1234567890123456789");
        assertThat(prices.modelRatios().get("e")).hasToString("0.0015");
        assertThat(prices.groupRatios().get("g")).hasToString("0.30000000000000000001");
        assertThat(prices.quotaPerUnit()).hasToString("123456.789");
    }

    @Test
    void anEmptyTableIsATableToo() {
        assertThat(read(Map.of("ModelPrice", "{}")).prices().modelPrices()).isEmpty();
    }

    @Test
    void selfUseAndUnlockedRatiosReachThePrices() {
        PriceBook prices = read(Map.of("SelfUseModeEnabled", "true", "CompletionRatioUnlocked", "true"))
                .prices();

        assertThat(prices.unpricedAllowed()).isTrue();
        assertThat(prices.completionRatiosUnlocked()).isTrue();
    }

    @Test
    void groupsComeFromFourOptions() {
        Groups groups = read(Map.of(
                        "UserUsableGroups", "{\"default\":\"d\",\"vip\":\"v\"}",
                        "group_ratio_setting.group_special_usable_group",
                                "{\"partner\":{\"+:lab\":\"l\",\"-:vip\":\"\"}}",
                        "AutoGroups", "[\"vip\",\"default\"]",
                        "GroupRatio", "{\"default\":1,\"lab\":0.5}"))
                .groups();

        assertThat(groups.autoFor("default")).containsExactly("vip", "default");
        assertThat(groups.mayUse("partner", "lab")).isTrue();
        assertThat(groups.mayUse("partner", "vip")).isFalse();
        assertThat(groups.hasRatio("lab")).isTrue();
        assertThat(groups.hasRatio("vip")).isFalse();
    }

    @Test
    void writtenTablesAreReadBack() {
        Map<String, Ratio> table = Map.of("a\"b\\c", Ratio.parse("0.5"), "模型", Ratio.of(3));

        assertThat(JsonText.ratios(RatioJson.of(table))).isEqualTo(table);
        assertThat(JsonText.nestedRatios(RatioJson.ofNested(Map.of("g", table))))
                .isEqualTo(Map.of("g", table));
        assertThat(RatioJson.of(Map.of())).isEqualTo("{}");
    }

    @Test
    void ofTwoEntriesOfOneNameTheLastCounts() {
        assertThat(JsonText.ratios("{\"m\":1,\"m\":2}")).containsExactly(Map.entry("m", Ratio.of(2)));
    }

    private static Options read(Map<String, String> rows) {
        Options.Reading reading = Options.read(rows, Options.defaults());
        assertThat(reading.problems()).isEmpty();
        return reading.options();
    }
}
