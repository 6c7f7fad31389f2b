package io.newapi.core.pricing;

import io.newapi.core.pricing.Price.ByRatio;
import io.newapi.core.pricing.Price.PerCall;
import io.newapi.core.pricing.Price.Tiered;
import io.newapi.core.pricing.expression.Circumstances;
import io.newapi.core.pricing.expression.Expression;
import io.newapi.core.pricing.expression.RequestFacts;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Every price of an installation, and the rules by which a model and a group find theirs.
 *
 * <p>Immutable and safe for use by any number of threads. To change prices, build another book from this one.
 */
public final class PriceBook {

    /** Quota units for 1 USD, unless configured otherwise. */
    public static final Ratio DEFAULT_QUOTA_PER_UNIT = Ratio.of(500_000);

    /** The fewest input tokens that a reservation counts with, unless configured otherwise. */
    public static final long DEFAULT_PRE_CONSUMED_TOKENS = 500;

    /** The model ratio of a model without any, for callers who accept such models: dearer than almost all others. */
    public static final Ratio UNPRICED_MODEL_RATIO = Ratio.parse("37.5");

    private static final Ratio DEFAULT_CACHE_WRITE_RATIO = Ratio.parse("1.25");

    private final Map<RatioTable, Map<String, Ratio>> tables;
    private final Map<String, Map<String, Ratio>> groupGroupRatios;
    private final Map<String, Expression> expressions;
    private final Set<String> tieredModels;
    private final boolean unpricedAllowed;
    private final boolean completionRatiosUnlocked;
    private final ViolationFee violationFee;
    private final PriceTerms terms;

    /** The terms of every model that a table names: what is asked for all the time is looked up once. */
    private final Map<String, ModelTerms> known = new HashMap<>();

    private final Map<String, GroupRatio> standardRatios = new HashMap<>();
    private final Map<String, Map<String, GroupRatio>> specialRatios = new HashMap<>();

    private PriceBook(Builder builder) {
        this.tables = new EnumMap<>(builder.tables);
        this.groupGroupRatios = builder.groupGroupRatios;
        this.expressions = builder.expressions;
        this.tieredModels = builder.tieredModels;
        this.unpricedAllowed = builder.unpricedAllowed;
        this.completionRatiosUnlocked = builder.completionRatiosUnlocked;
        this.violationFee = builder.violationFee;
        this.terms = new PriceTerms(
                builder.quotaPerUnit, builder.preConsumedTokens, builder.toolPrices, builder.circumstances);
        learn(modelRatios().keySet());
        learn(modelPrices().keySet());
        learn(tieredModels);
        groupRatios().forEach((group, ratio) -> standardRatios.put(group, new GroupRatio.Standard(ratio)));
        groupGroupRatios.forEach((userGroup, ratios) -> {
            Map<String, GroupRatio> special = new HashMap<>();
            ratios.forEach((group, ratio) -> special.put(group, new GroupRatio.Special(ratio)));
            specialRatios.put(userGroup, special);
        });
    }

    private void learn(Set<String> models) {
        for (String model : models) {
            ModelTerms found = termsOf(model, false);
            if (found != null) {
                known.put(model, found);
            }
        }
    }

    /** The prices that a new installation starts with. */
    public static PriceBook shipped() {
        return ShippedPrices.BOOK;
    }

    /** A book without any price or group, and with the default settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this book. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * The terms of a call.
     *
     * @param model the name that the client sent, before any channel maps it to another
     * @param userGroup the user's group
     * @param usingGroup the group that the call runs in: the token's, the one chosen for {@code auto}, or the user's
     * @param userAcceptsUnpriced whether the user agreed to pay {@link #UNPRICED_MODEL_RATIO} for models without price
     */
    public QuoteOutcome quote(String model, String userGroup, String usingGroup, boolean userAcceptsUnpriced) {
        ModelTerms ofModel = known.get(model);
        if (ofModel == null) {
            ofModel = termsOf(model, userAcceptsUnpriced || unpricedAllowed);
        }
        return ofModel == null
                ? new QuoteOutcome.Unpriced(model)
                : new QuoteOutcome.Quoted(new Quote(model, ofModel, groupRatio(userGroup, usingGroup), terms));
    }

    /**
     * The terms of a task. It costs its model's price, else the shipped price, else half of its model's ratio in USD.
     * Agreeing to pay for models without price is about tokens and does not help here.
     *
     * @return empty if the model has none of them: the task must be refused
     */
    public Optional<TaskQuote> quoteTask(String model, String userGroup, String usingGroup) {
        Ratio configured = lookUp(modelPrices(), model);
        Ratio price = configured != null ? configured : shipped().modelPrices().get(BillingName.of(model));
        Ratio ratio = lookUp(modelRatios(), model);
        return price == null && ratio == null
                ? Optional.empty()
                : Optional.of(
                        new TaskQuote(model, price, ratio, groupRatio(userGroup, usingGroup), terms.quotaPerUnit()));
    }

    /**
     * The name under which a requested model is looked up in the tables of ratios and prices: its own, or one that it shares
     * with others.
     */
    public static String billingName(String model) {
        return BillingName.of(model);
    }

    private @Nullable ModelTerms termsOf(String model, boolean acceptsUnpriced) {
        Price price = priceOf(model, acceptsUnpriced);
        return price == null ? null : ModelTerms.of(model, price, terms.quotaPerUnit());
    }

    private @Nullable Price priceOf(String model, boolean acceptsUnpriced) {
        if (tieredModels.contains(model)) {
            Expression expression = expressions.get(model);
            return expression == null ? null : new Tiered(expression);
        }
        Ratio callPrice = lookUp(modelPrices(), model);
        if (callPrice != null) {
            return new PerCall(callPrice);
        }
        Ratio modelRatio = lookUp(modelRatios(), model);
        if (modelRatio == null && !acceptsUnpriced) {
            return null;
        }
        String billingName = BillingName.of(model);
        return new ByRatio(
                modelRatio == null ? UNPRICED_MODEL_RATIO : modelRatio,
                completionRatio(model).ratio(),
                cacheRatios().getOrDefault(model, Ratio.ONE),
                cacheWriteRatios().getOrDefault(model, DEFAULT_CACHE_WRITE_RATIO),
                imageRatios().getOrDefault(model, Ratio.ONE),
                new AudioPrice(
                        audioRatios().getOrDefault(billingName, Ratio.ONE),
                        audioCompletionRatios().getOrDefault(billingName, Ratio.ONE)));
    }

    private static @Nullable Ratio lookUp(Map<String, Ratio> table, String model) {
        Ratio own = table.get(BillingName.of(model));
        return own == null && BillingName.isCompact(model) ? table.get(BillingName.COMPACT_WILDCARD) : own;
    }

    /**
     * How many times an input token an output token of {@code model} costs: as configured, except in a family whose
     * ratio is locked. A name with a vendor before a slash is as configured in any family.
     */
    public CompletionRatio completionRatio(String model) {
        String billingName = BillingName.of(model);
        Ratio configured = completionRatios().get(billingName);
        CompletionRatio family = CompletionFamilies.of(billingName);
        boolean locked =
                family.locked() && !completionRatiosUnlocked && !(configured != null && billingName.contains("/"));
        return new CompletionRatio(configured == null || locked ? family.ratio() : configured, locked);
    }

    /**
     * The ratio for a user of one group in another: the special ratio for the pair if there is one, else the ratio of
     * {@code usingGroup}, else 1.
     */
    public GroupRatio groupRatio(String userGroup, String usingGroup) {
        Map<String, GroupRatio> ofUser = specialRatios.get(userGroup);
        GroupRatio special = ofUser == null ? null : ofUser.get(usingGroup);
        return special != null ? special : standardRatios.getOrDefault(usingGroup, GroupRatio.Standard.ONE);
    }

    /** The groups that have a ratio of their own. */
    public Set<String> groups() {
        return groupRatios().keySet();
    }

    /** A table, sorted by name. */
    public Map<String, Ratio> table(RatioTable table) {
        return tables.getOrDefault(table, Map.of());
    }

    /** Ratio of a plain input token, by model; sorted by name, like all tables. */
    public Map<String, Ratio> modelRatios() {
        return table(RatioTable.MODEL_RATIO);
    }

    /** USD for one call, by model; a model with an entry here is priced by it, even if it has a ratio too. */
    public Map<String, Ratio> modelPrices() {
        return table(RatioTable.MODEL_PRICE);
    }

    /** The configured completion ratios, by model; {@link #completionRatio} says what applies. */
    public Map<String, Ratio> completionRatios() {
        return table(RatioTable.COMPLETION_RATIO);
    }

    /** Ratio of a cached input token to a plain one, by model. */
    public Map<String, Ratio> cacheRatios() {
        return table(RatioTable.CACHE_RATIO);
    }

    /** Ratio of an input token written to the cache to a plain one, by model. */
    public Map<String, Ratio> cacheWriteRatios() {
        return table(RatioTable.CACHE_WRITE_RATIO);
    }

    /** Ratio of an image input token to a plain one, by model. */
    public Map<String, Ratio> imageRatios() {
        return table(RatioTable.IMAGE_RATIO);
    }

    /** Ratio of an audio input token to a text one, by model, where audio is told apart. */
    public Map<String, Ratio> audioRatios() {
        return table(RatioTable.AUDIO_RATIO);
    }

    /** Ratio of an audio output token to an audio input one, by model, where audio is told apart. */
    public Map<String, Ratio> audioCompletionRatios() {
        return table(RatioTable.AUDIO_COMPLETION_RATIO);
    }

    /** Ratio of each group. */
    public Map<String, Ratio> groupRatios() {
        return table(RatioTable.GROUP_RATIO);
    }

    /** Price expressions by model; those of {@link #tieredModels} apply. */
    public Map<String, Expression> expressions() {
        return expressions;
    }

    /** The models that are priced by their expressions, and refused while they have none. */
    public Set<String> tieredModels() {
        return tieredModels;
    }

    /** What calls of tools cost. */
    public ToolPrices toolPrices() {
        return terms.tools();
    }

    /** What a request costs that the provider fined for its content. */
    public ViolationFee violationFee() {
        return violationFee;
    }

    /** Special ratios: by the user's group, then by the group in use. */
    public Map<String, Map<String, Ratio>> groupGroupRatios() {
        return groupGroupRatios;
    }

    /** Quota units for 1 USD; prices per call are converted by it, ratios are not. */
    public Ratio quotaPerUnit() {
        return terms.quotaPerUnit();
    }

    /** The fewest input tokens that a reservation counts with. */
    public long preConsumedTokens() {
        return terms.preConsumedTokens();
    }

    /** Whether everyone may call models without price, at {@link #UNPRICED_MODEL_RATIO}. */
    public boolean unpricedAllowed() {
        return unpricedAllowed;
    }

    /** Whether configured completion ratios count in locked families too. */
    public boolean completionRatiosUnlocked() {
        return completionRatiosUnlocked;
    }

    /** Entries that probably do not do what they say, one sentence each, for an administrator to look at. */
    public List<String> suspiciousDefaults() {
        return SuspiciousPrices.in(this);
    }

    /** An own, unmodifiable copy in the order of its keys. */
    private static Map<String, Ratio> sorted(Map<String, Ratio> table) {
        return sorted(table, ratio -> ratio);
    }

    private static <T> Map<String, T> sorted(Map<String, T> table, UnaryOperator<T> copy) {
        Map<String, T> sorted = new LinkedHashMap<>();
        new TreeMap<>(table).forEach((key, value) -> sorted.put(key, copy.apply(Objects.requireNonNull(value, key))));
        return Collections.unmodifiableMap(sorted);
    }

    /**
     * Puts a book together. Every table given replaces the one before as a whole; tables are copied. Not safe for use
     * by several threads.
     */
    public static final class Builder {

        private final Map<RatioTable, Map<String, Ratio>> tables = new EnumMap<>(RatioTable.class);
        private Map<String, Map<String, Ratio>> groupGroupRatios = Map.of();
        private Map<String, Expression> expressions = Map.of();
        private Set<String> tieredModels = Set.of();
        private ToolPrices toolPrices = ToolPrices.shipped();
        private ViolationFee violationFee = ViolationFee.SHIPPED;
        private Ratio quotaPerUnit = DEFAULT_QUOTA_PER_UNIT;
        private long preConsumedTokens = DEFAULT_PRE_CONSUMED_TOKENS;
        private Circumstances circumstances = Circumstances.at(InstantSource.system());
        private boolean unpricedAllowed;
        private boolean completionRatiosUnlocked;

        private Builder() {
            RatioTable.all().forEach(table -> tables.put(table, Map.of()));
        }

        private Builder(PriceBook book) {
            this.tables.putAll(book.tables);
            this.groupGroupRatios = book.groupGroupRatios;
            this.expressions = book.expressions;
            this.tieredModels = book.tieredModels;
            this.toolPrices = book.terms.tools();
            this.violationFee = book.violationFee;
            this.quotaPerUnit = book.terms.quotaPerUnit();
            this.preConsumedTokens = book.terms.preConsumedTokens();
            this.circumstances = book.terms.circumstances();
            this.unpricedAllowed = book.unpricedAllowed;
            this.completionRatiosUnlocked = book.completionRatiosUnlocked;
        }

        /** One of the tables. */
        public Builder withTable(RatioTable which, Map<String, Ratio> table) {
            tables.put(which, sorted(table));
            return this;
        }

        /** Quota units for a plain input token, by model. */
        public Builder withModelRatios(Map<String, Ratio> table) {
            return withTable(RatioTable.MODEL_RATIO, table);
        }

        /** USD for one call, by model. */
        public Builder withModelPrices(Map<String, Ratio> table) {
            return withTable(RatioTable.MODEL_PRICE, table);
        }

        /** Output token against input token, by model. */
        public Builder withCompletionRatios(Map<String, Ratio> table) {
            return withTable(RatioTable.COMPLETION_RATIO, table);
        }

        /** Cached input token against plain one, by model; 1 for the others. */
        public Builder withCacheRatios(Map<String, Ratio> table) {
            return withTable(RatioTable.CACHE_RATIO, table);
        }

        /** Input token written to the cache against plain one, by model; 1.25 for the others. */
        public Builder withCacheWriteRatios(Map<String, Ratio> table) {
            return withTable(RatioTable.CACHE_WRITE_RATIO, table);
        }

        /** Image input token against plain one, by model; 1 for the others. */
        public Builder withImageRatios(Map<String, Ratio> table) {
            return withTable(RatioTable.IMAGE_RATIO, table);
        }

        /** Audio input token against text one, by model; 1 for the others. */
        public Builder withAudioRatios(Map<String, Ratio> table) {
            return withTable(RatioTable.AUDIO_RATIO, table);
        }

        /** Audio output token against audio input one, by model; 1 for the others. */
        public Builder withAudioCompletionRatios(Map<String, Ratio> table) {
            return withTable(RatioTable.AUDIO_COMPLETION_RATIO, table);
        }

        /** Ratio of each group. */
        public Builder withGroupRatios(Map<String, Ratio> table) {
            return withTable(RatioTable.GROUP_RATIO, table);
        }

        /** Price expressions, by the requested name. */
        public Builder withExpressions(Map<String, Expression> byModel) {
            expressions = Collections.unmodifiableMap(new TreeMap<>(byModel));
            return this;
        }

        /** The models that are priced by their expressions, by the requested name. */
        public Builder withTieredModels(Set<String> models) {
            tieredModels = Set.copyOf(models);
            return this;
        }

        /** What calls of tools cost. */
        public Builder withToolPrices(ToolPrices prices) {
            toolPrices = prices;
            return this;
        }

        /** What a request costs that the provider fined for its content. */
        public Builder withViolationFee(ViolationFee fee) {
            violationFee = fee;
            return this;
        }

        /** What the time functions of expressions are told, unless a quote is told otherwise; the time in UTC by default. */
        public Builder withClock(InstantSource clock, ZoneId zone) {
            circumstances = new Circumstances(RequestFacts.NONE, clock, zone);
            return this;
        }

        /** Special ratios: by the user's group, then by the group in use. */
        public Builder withGroupGroupRatios(Map<String, Map<String, Ratio>> tables) {
            groupGroupRatios = sorted(tables, PriceBook::sorted);
            return this;
        }

        /**
         * Quota units for 1 USD.
         *
         * @throws IllegalArgumentException if it is not above 0, or no {@link Ratio}
         */
        public Builder withQuotaPerUnit(BigDecimal units) {
            if (units.signum() <= 0) {
                throw new IllegalArgumentException("quota per USD must be above 0: " + units);
            }
            quotaPerUnit = Ratio.of(units);
            return this;
        }

        /**
         * Quota units for 1 USD.
         *
         * @throws IllegalArgumentException if it is not above 0, or no {@link Ratio}
         */
        public Builder withQuotaPerUnit(long units) {
            return withQuotaPerUnit(BigDecimal.valueOf(units));
        }

        /**
         * The fewest input tokens that a reservation counts with.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder withPreConsumedTokens(long tokens) {
            if (tokens < 0) {
                throw new IllegalArgumentException("preConsumedTokens must not be negative: " + tokens);
            }
            preConsumedTokens = tokens;
            return this;
        }

        /** Whether everyone may call models without price (self-use mode). */
        public Builder withUnpricedAllowed(boolean allowed) {
            unpricedAllowed = allowed;
            return this;
        }

        /** Whether configured completion ratios count in locked families too. */
        public Builder withCompletionRatiosUnlocked(boolean unlocked) {
            completionRatiosUnlocked = unlocked;
            return this;
        }

        /** The book. */
        public PriceBook build() {
            return new PriceBook(this);
        }
    }
}
