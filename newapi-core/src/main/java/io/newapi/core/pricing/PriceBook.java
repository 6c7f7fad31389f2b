package io.newapi.core.pricing;

import io.newapi.core.pricing.Price.ByRatio;
import io.newapi.core.pricing.Price.PerCall;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private static final Ratio DEFAULT_CACHE_RATIO = Ratio.ONE;
    private static final Ratio DEFAULT_CACHE_WRITE_RATIO = Ratio.parse("1.25");
    private static final Ratio DEFAULT_IMAGE_RATIO = Ratio.ONE;

    private final Map<String, Ratio> modelRatios;
    private final Map<String, Ratio> modelPrices;
    private final Map<String, Ratio> completionRatios;
    private final Map<String, Ratio> cacheRatios;
    private final Map<String, Ratio> cacheWriteRatios;
    private final Map<String, Ratio> imageRatios;
    private final Map<String, Ratio> groupRatios;
    private final Map<String, Map<String, Ratio>> groupGroupRatios;
    private final Ratio quotaPerUnit;
    private final long preConsumedTokens;
    private final boolean unpricedAllowed;
    private final boolean completionRatiosUnlocked;

    private PriceBook(Builder builder) {
        this.modelRatios = builder.modelRatios;
        this.modelPrices = builder.modelPrices;
        this.completionRatios = builder.completionRatios;
        this.cacheRatios = builder.cacheRatios;
        this.cacheWriteRatios = builder.cacheWriteRatios;
        this.imageRatios = builder.imageRatios;
        this.groupRatios = builder.groupRatios;
        this.groupGroupRatios = builder.groupGroupRatios;
        this.quotaPerUnit = builder.quotaPerUnit;
        this.preConsumedTokens = builder.preConsumedTokens;
        this.unpricedAllowed = builder.unpricedAllowed;
        this.completionRatiosUnlocked = builder.completionRatiosUnlocked;
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
        Price price = priceOf(model, userAcceptsUnpriced || unpricedAllowed);
        if (price == null) {
            return new QuoteOutcome.Unpriced(model);
        }
        GroupRatio groupRatio = groupRatio(userGroup, usingGroup);
        return new QuoteOutcome.Quoted(new Quote(model, price, groupRatio, quotaPerUnit, preConsumedTokens));
    }

    private @Nullable Price priceOf(String model, boolean acceptsUnpriced) {
        String billingName = BillingName.of(model);
        Ratio callPrice = lookUp(modelPrices, billingName);
        if (callPrice != null) {
            return new PerCall(callPrice);
        }
        Ratio modelRatio = lookUp(modelRatios, billingName);
        if (modelRatio == null && !acceptsUnpriced) {
            return null;
        }
        return new ByRatio(
                modelRatio == null ? UNPRICED_MODEL_RATIO : modelRatio,
                completionRatio(model).ratio(),
                cacheRatios.getOrDefault(model, DEFAULT_CACHE_RATIO),
                cacheWriteRatios.getOrDefault(model, DEFAULT_CACHE_WRITE_RATIO),
                imageRatios.getOrDefault(model, DEFAULT_IMAGE_RATIO));
    }

    private static @Nullable Ratio lookUp(Map<String, Ratio> table, String billingName) {
        Ratio own = table.get(billingName);
        return own == null && BillingName.isCompact(billingName) ? table.get(BillingName.COMPACT_WILDCARD) : own;
    }

    /**
     * How many times an input token an output token of {@code model} costs: as configured, except in a family whose
     * ratio is locked. A name with a vendor before a slash is as configured in any family.
     */
    public CompletionRatio completionRatio(String model) {
        String billingName = BillingName.of(model);
        Ratio configured = completionRatios.get(billingName);
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
        Ratio special = groupGroupRatios.getOrDefault(userGroup, Map.of()).get(usingGroup);
        return special != null
                ? new GroupRatio.Special(special)
                : new GroupRatio.Standard(groupRatios.getOrDefault(usingGroup, Ratio.ONE));
    }

    /** The groups that have a ratio of their own. */
    public Set<String> groups() {
        return groupRatios.keySet();
    }

    /** Ratio of a plain input token, by model; sorted by name, like all tables. */
    public Map<String, Ratio> modelRatios() {
        return modelRatios;
    }

    /** USD for one call, by model; a model with an entry here is priced by it, even if it has a ratio too. */
    public Map<String, Ratio> modelPrices() {
        return modelPrices;
    }

    /** The configured completion ratios, by model; {@link #completionRatio} says what applies. */
    public Map<String, Ratio> completionRatios() {
        return completionRatios;
    }

    /** Ratio of a cached input token to a plain one, by model. */
    public Map<String, Ratio> cacheRatios() {
        return cacheRatios;
    }

    /** Ratio of an input token written to the cache to a plain one, by model. */
    public Map<String, Ratio> cacheWriteRatios() {
        return cacheWriteRatios;
    }

    /** Ratio of an image input token to a plain one, by model. */
    public Map<String, Ratio> imageRatios() {
        return imageRatios;
    }

    /** Ratio of each group. */
    public Map<String, Ratio> groupRatios() {
        return groupRatios;
    }

    /** Special ratios: by the user's group, then by the group in use. */
    public Map<String, Map<String, Ratio>> groupGroupRatios() {
        return groupGroupRatios;
    }

    /** Quota units for 1 USD; prices per call are converted by it, ratios are not. */
    public Ratio quotaPerUnit() {
        return quotaPerUnit;
    }

    /** The fewest input tokens that a reservation counts with. */
    public long preConsumedTokens() {
        return preConsumedTokens;
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

        private Map<String, Ratio> modelRatios = Map.of();
        private Map<String, Ratio> modelPrices = Map.of();
        private Map<String, Ratio> completionRatios = Map.of();
        private Map<String, Ratio> cacheRatios = Map.of();
        private Map<String, Ratio> cacheWriteRatios = Map.of();
        private Map<String, Ratio> imageRatios = Map.of();
        private Map<String, Ratio> groupRatios = Map.of();
        private Map<String, Map<String, Ratio>> groupGroupRatios = Map.of();
        private Ratio quotaPerUnit = DEFAULT_QUOTA_PER_UNIT;
        private long preConsumedTokens = DEFAULT_PRE_CONSUMED_TOKENS;
        private boolean unpricedAllowed;
        private boolean completionRatiosUnlocked;

        private Builder() {}

        private Builder(PriceBook book) {
            this.modelRatios = book.modelRatios;
            this.modelPrices = book.modelPrices;
            this.completionRatios = book.completionRatios;
            this.cacheRatios = book.cacheRatios;
            this.cacheWriteRatios = book.cacheWriteRatios;
            this.imageRatios = book.imageRatios;
            this.groupRatios = book.groupRatios;
            this.groupGroupRatios = book.groupGroupRatios;
            this.quotaPerUnit = book.quotaPerUnit;
            this.preConsumedTokens = book.preConsumedTokens;
            this.unpricedAllowed = book.unpricedAllowed;
            this.completionRatiosUnlocked = book.completionRatiosUnlocked;
        }

        /** Quota units for a plain input token, by model. */
        public Builder withModelRatios(Map<String, Ratio> table) {
            modelRatios = sorted(table);
            return this;
        }

        /** USD for one call, by model. */
        public Builder withModelPrices(Map<String, Ratio> table) {
            modelPrices = sorted(table);
            return this;
        }

        /** Output token against input token, by model. */
        public Builder withCompletionRatios(Map<String, Ratio> table) {
            completionRatios = sorted(table);
            return this;
        }

        /** Cached input token against plain one, by model; 1 for the others. */
        public Builder withCacheRatios(Map<String, Ratio> table) {
            cacheRatios = sorted(table);
            return this;
        }

        /** Input token written to the cache against plain one, by model; 1.25 for the others. */
        public Builder withCacheWriteRatios(Map<String, Ratio> table) {
            cacheWriteRatios = sorted(table);
            return this;
        }

        /** Image input token against plain one, by model; 1 for the others. */
        public Builder withImageRatios(Map<String, Ratio> table) {
            imageRatios = sorted(table);
            return this;
        }

        /** Ratio of each group. */
        public Builder withGroupRatios(Map<String, Ratio> table) {
            groupRatios = sorted(table);
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
