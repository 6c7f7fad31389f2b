package io.newapi.core.pricing;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The tables of a price book that give a name one number. */
public enum RatioTable {
    /** Quota units for one plain input token, by model. */
    MODEL_RATIO("ModelRatio", true),
    /** USD for one call, by model. */
    MODEL_PRICE("ModelPrice", true),
    /** Output token against input token, by model. */
    COMPLETION_RATIO("CompletionRatio", true),
    /** Cached input token against plain one, by model. */
    CACHE_RATIO("CacheRatio", false),
    /** Input token written to the cache against plain one, by model. */
    CACHE_WRITE_RATIO("CreateCacheRatio", false),
    /** Image input token against plain one, by model. */
    IMAGE_RATIO("ImageRatio", false),
    /** Audio input token against text input token, by model. */
    AUDIO_RATIO("AudioRatio", true),
    /** Audio output token against audio input token, by model. */
    AUDIO_COMPLETION_RATIO("AudioCompletionRatio", true),
    /** Ratio of each group. */
    GROUP_RATIO("GroupRatio", false);

    private static final List<RatioTable> ALL = List.of(values());

    private final String option;
    private final boolean byBillingName;

    RatioTable(String option, boolean byBillingName) {
        this.option = option;
        this.byBillingName = byBillingName;
    }

    /** The name of the option, and of the section in a price list, that holds the table. */
    public String option() {
        return option;
    }

    /** The table of the option with this name. */
    public static Optional<RatioTable> ofOption(String name) {
        return Arrays.stream(values())
                .filter(table -> table.option.equals(name))
                .findFirst();
    }

    /** Every table, those of models first. */
    public static List<RatioTable> all() {
        return ALL;
    }

    /** Whether models are looked up by a name that some of them share, and not by the requested one. */
    boolean byBillingName() {
        return byBillingName;
    }
}
