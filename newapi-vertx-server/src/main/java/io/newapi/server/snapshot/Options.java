package io.newapi.server.snapshot;

import io.newapi.core.access.Groups;
import io.newapi.core.channel.DisablePolicy;
import io.newapi.core.channel.HealthSettings;
import io.newapi.core.channel.SelectionStrategy;
import io.newapi.core.channel.SelectionTerms;
import io.newapi.core.channel.StatusRanges;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.pricing.Ratio;
import io.newapi.core.pricing.ToolPrices;
import io.newapi.core.pricing.ViolationFee;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The options in effect: a valid text for each key of the {@link OptionCatalog}. Immutable; the methods below the general
 * ones name what the program asks for often.
 */
public final class Options {

    private static final Options DEFAULTS = new Options(Map.of(), Map.of());
    private static final String LOCAL_ADDRESS = "http://localhost:3000";

    private static final BigDecimal LONGEST_MILLIS =
            BigDecimal.valueOf(Duration.ofDays(3_650).toMillis());

    private final Map<String, String> stored;
    private final Map<String, String> unknown;
    private final int retryTimes;
    private final StatusRanges retryStatuses;
    private final SelectionTerms selectionTerms;
    private final boolean affinityEnabled;
    private final String affinityHeader;
    private final HealthSettings channelHealth;
    private final DisablePolicy disablePolicy;
    private final boolean logConsumeEnabled;
    private final boolean freeModelsPreConsume;
    private final boolean dataExportEnabled;
    private final Duration pingInterval;
    private final boolean passThroughEnabled;
    private final ModelOptions models;

    /** Options and what could not be used of the stored ones. */
    public record Reading(Options options, List<Problem> problems) {

        /** Copies the list. */
        public Reading {
            problems = List.copyOf(problems);
        }
    }

    /** Only texts that their keys accept. */
    private Options(Map<String, String> stored, Map<String, String> unknown) {
        this.stored = Map.copyOf(stored);
        this.unknown = Map.copyOf(unknown);
        this.retryTimes = Math.toIntExact(wholeNumber("RetryTimes"));
        this.retryStatuses = StatusRanges.parse(text("AutomaticRetryStatusCodes"));
        this.channelHealth = readChannelHealth();
        this.disablePolicy = readDisablePolicy();
        this.selectionTerms = readSelectionTerms();
        this.affinityEnabled = flag("channel_selection.affinity_enabled");
        this.affinityHeader = text("channel_selection.affinity_header");
        this.logConsumeEnabled = flag("LogConsumeEnabled");
        this.freeModelsPreConsume = flag("quota_setting.enable_free_model_pre_consume");
        this.dataExportEnabled = flag("DataExportEnabled");
        this.pingInterval = flag("general_setting.ping_interval_enabled")
                ? Duration.ofSeconds(wholeNumber("general_setting.ping_interval_seconds"))
                : Duration.ZERO;
        this.passThroughEnabled = flag("global.pass_through_request_enabled");
        this.models = ModelOptions.read(this);
    }

    /** A database without rows. */
    public static Options defaults() {
        return DEFAULTS;
    }

    /**
     * Reads the stored rows. A text that its key does not accept changes nothing: the one before it stays in effect, the
     * default at the first time. It is reported, and the others are not affected.
     *
     * @param rows every row of the table {@code options}
     * @param previous what is in effect now
     */
    public static Reading read(Map<String, String> rows, Options previous) {
        OptionCatalog catalog = OptionCatalog.standard();
        Map<String, String> stored = new HashMap<>();
        Map<String, String> unknown = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        new TreeMap<>(rows).forEach((name, text) -> {
            OptionKey key = catalog.find(name).orElse(null);
            if (key == null) {
                unknown.put(name, text);
                return;
            }
            if (!key.name().equals(name) && rows.containsKey(key.name())) {
                return;
            }
            try {
                stored.put(key.name(), key.effective(text));
            } catch (InvalidOptionException e) {
                String old = previous.stored.get(key.name());
                if (old != null) {
                    stored.put(key.name(), old);
                }
                problems.add(new Problem(
                        name,
                        e.reason() + "; " + (old == null ? "the default" : "the value before it")
                                + " stays in effect"));
            }
        });
        return new Reading(new Options(stored, unknown), problems);
    }

    /**
     * The text in effect.
     *
     * @throws IllegalArgumentException if there is no such option
     */
    public String text(String name) {
        OptionKey key = key(name);
        return stored.getOrDefault(key.name(), key.defaultText());
    }

    /**
     * The value of a flag.
     *
     * @throws IllegalArgumentException if there is no such option
     */
    public boolean flag(String name) {
        return text(name).equals("true");
    }

    /**
     * The value of a whole number.
     *
     * @throws IllegalArgumentException if there is no such option, or it is no whole number
     */
    public long wholeNumber(String name) {
        return Long.parseLong(text(name));
    }

    /**
     * The value of a decimal number.
     *
     * @throws IllegalArgumentException if there is no such option, or it is no number
     */
    public BigDecimal decimal(String name) {
        return new BigDecimal(text(name));
    }

    /** Whether the database has a usable row for the option; if not, its default is in effect. */
    public boolean isStored(String name) {
        return stored.containsKey(key(name).name());
    }

    /** Rows whose keys are not in the catalog, as they are. */
    public Map<String, String> unknown() {
        return unknown;
    }

    /** How many attempts may follow the first one. */
    public int retryTimes() {
        return retryTimes;
    }

    /** After which statuses of an upstream they may. */
    public StatusRanges retryStatuses() {
        return retryStatuses;
    }

    /** How channels are chosen, but for what belongs to a single call. */
    public SelectionTerms selectionTerms() {
        return selectionTerms;
    }

    /** Whether the calls of a conversation go to the same channel where that is possible. */
    public boolean affinityEnabled() {
        return affinityEnabled;
    }

    /** The header by which clients name a conversation; empty if there is none. */
    public String affinityHeader() {
        return affinityHeader;
    }

    /** When a channel yields to others. */
    public HealthSettings channelHealth() {
        return channelHealth;
    }

    /** Which failures speak for disabling a channel or key. */
    public DisablePolicy disablePolicy() {
        return disablePolicy;
    }

    /** Whether what was disabled automatically is enabled when it passes a test. */
    public boolean enablesAutomatically() {
        return flag("AutomaticEnableChannelEnabled");
    }

    /** From which duration on a test counts as failed; empty if none is too long. */
    public Optional<Duration> slowTest() {
        return Optional.of(duration("ChannelDisableThreshold", 1)).filter(limit -> !limit.isZero());
    }

    /** The period in which channels are tested; empty if they are not. */
    public Optional<Duration> testPeriod() {
        return flag("monitor_setting.auto_test_channel_enabled")
                ? Optional.of(duration("monitor_setting.auto_test_channel_minutes", 60))
                : Optional.empty();
    }

    /** Whether charged calls are logged. */
    public boolean logConsumeEnabled() {
        return logConsumeEnabled;
    }

    /** Whether charged calls are counted by the hour. */
    public boolean dataExportEnabled() {
        return dataExportEnabled;
    }

    /** After how much silence the client of a stream is told that more is to come; zero if it is told nothing. */
    public Duration pingInterval() {
        return pingInterval;
    }

    /** Whether providers that speak the client's format get its body as it is. */
    public boolean passThroughEnabled() {
        return passThroughEnabled;
    }

    /** What is said of models by their names. */
    public ModelOptions models() {
        return models;
    }

    /** Whether quota is reserved for calls that cost nothing. */
    public boolean freeModelsPreConsume() {
        return freeModelsPreConsume;
    }

    /** The fewest input tokens that a reservation counts with, despite the option's name. */
    public long preConsumedQuota() {
        return wholeNumber("PreConsumedQuota");
    }

    /** Quota units for 1 USD. */
    public BigDecimal quotaPerUnit() {
        return decimal("QuotaPerUnit");
    }

    /** Whether everybody may call models without a price. */
    public boolean selfUse() {
        return flag("SelfUseModeEnabled");
    }

    /** The public address of the gateway, without a slash at the end. */
    public String serverAddress() {
        String address = text("ServerAddress").strip();
        while (address.endsWith("/")) {
            address = address.substring(0, address.length() - 1);
        }
        return address.isEmpty() ? LOCAL_ADDRESS : address;
    }

    /** How amounts are shown: {@code USD}, {@code CNY}, {@code TOKENS} or {@code CUSTOM}. The older switch still counts. */
    public String quotaDisplayType() {
        String name = "general_setting.quota_display_type";
        return isStored(name) || flag("DisplayInCurrencyEnabled") ? text(name) : "TOKENS";
    }

    /** How many live tokens one user may have. */
    public int maxUserTokens() {
        return Math.toIntExact(wholeNumber("token_setting.max_user_tokens"));
    }

    /** Prices: a stored table replaces the shipped one as a whole. */
    PriceBook prices() {
        PriceBook shipped = PriceBook.shipped();
        return PriceBook.builder()
                .withModelRatios(table("ModelRatio", JsonText::ratios, shipped.modelRatios()))
                .withModelPrices(table("ModelPrice", JsonText::ratios, shipped.modelPrices()))
                .withCompletionRatios(table("CompletionRatio", JsonText::ratios, shipped.completionRatios()))
                .withCacheRatios(table("CacheRatio", JsonText::ratios, shipped.cacheRatios()))
                .withCacheWriteRatios(table("CreateCacheRatio", JsonText::ratios, shipped.cacheWriteRatios()))
                .withImageRatios(table("ImageRatio", JsonText::ratios, shipped.imageRatios()))
                .withAudioRatios(table("AudioRatio", JsonText::ratios, shipped.audioRatios()))
                .withAudioCompletionRatios(
                        table("AudioCompletionRatio", JsonText::ratios, shipped.audioCompletionRatios()))
                .withGroupRatios(groupRatios())
                .withGroupGroupRatios(table("GroupGroupRatio", JsonText::nestedRatios, shipped.groupGroupRatios()))
                .withQuotaPerUnit(quotaPerUnit())
                .withPreConsumedTokens(preConsumedQuota())
                .withUnpricedAllowed(selfUse())
                .withCompletionRatiosUnlocked(flag("CompletionRatioUnlocked"))
                .withTieredModels(BillingModes.tiered(text("billing_setting.billing_mode")))
                .withExpressions(BillingModes.expressions(text("billing_setting.billing_expr")))
                .withToolPrices(ToolPrices.shipped().with(JsonText.ratios(text("tool_price_setting.prices"))))
                .withViolationFee(violationFee())
                .build();
    }

    private ViolationFee violationFee() {
        return flag("grok.violation_deduction_enabled")
                ? new ViolationFee(Ratio.parse(text("grok.violation_deduction_amount")))
                : ViolationFee.NONE;
    }

    /** Who may use which groups. */
    Groups groups() {
        return Groups.of(
                JsonText.texts(text("UserUsableGroups")),
                JsonText.nestedTexts(text("group_ratio_setting.group_special_usable_group")),
                JsonText.list(text("AutoGroups")),
                groupRatios().keySet());
    }

    private SelectionTerms readSelectionTerms() {
        SelectionTerms terms = SelectionTerms.weighted()
                .with(SelectionStrategy.fromText(text("channel_selection.strategy"))
                        .orElseThrow());
        return channelHealth.enabled() ? terms : terms.ignoringHealth();
    }

    /** A longest cool-down below the first one counts as that. */
    private HealthSettings readChannelHealth() {
        Duration coolDown = seconds("channel_health.cool_down_seconds");
        Duration longest = seconds("channel_health.max_cool_down_seconds");
        return new HealthSettings(
                flag("channel_health.enabled"),
                seconds("channel_health.window_seconds"),
                Math.toIntExact(wholeNumber("channel_health.failures")),
                Math.toIntExact(wholeNumber("channel_health.failure_percent")),
                coolDown,
                longest.compareTo(coolDown) < 0 ? coolDown : longest,
                seconds("channel_health.max_retry_after_seconds"),
                flag("channel_health.retry_after_at_once"));
    }

    private DisablePolicy readDisablePolicy() {
        return new DisablePolicy(
                flag("AutomaticDisableChannelEnabled"),
                StatusRanges.parse(text("AutomaticDisableStatusCodes")),
                text("AutomaticDisableKeywords").lines().toList());
    }

    /** At most ten years. */
    private Duration duration(String name, long unitSeconds) {
        BigDecimal millis = decimal(name).multiply(BigDecimal.valueOf(unitSeconds * 1_000));
        return Duration.ofMillis(millis.min(LONGEST_MILLIS).longValue());
    }

    private Duration seconds(String name) {
        return Duration.ofSeconds(wholeNumber(name));
    }

    private Map<String, Ratio> groupRatios() {
        return table("GroupRatio", JsonText::ratios, PriceBook.shipped().groupRatios());
    }

    private <T> T table(String name, Function<String, T> parse, T shipped) {
        return isStored(name) ? parse.apply(text(name)) : shipped;
    }

    private static OptionKey key(String name) {
        return OptionCatalog.standard()
                .find(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no such option: " + name));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Options options && stored.equals(options.stored) && unknown.equals(options.unknown);
    }

    @Override
    public int hashCode() {
        return stored.hashCode();
    }

    /** Values may be secret. */
    @Override
    public String toString() {
        return "Options[" + stored.size() + " stored, " + unknown.size() + " unknown]";
    }
}
