package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.core.pricing.AmountOverflowException;
import io.newapi.core.pricing.Charge;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.pricing.Quote;
import io.newapi.core.pricing.Ratio;
import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The charge of a log row, computed once more from the figures that the row itself records. Prices that changed since
 * do not matter to it; only what a dollar is worth, for a call with one price, is not in the row.
 */
final class RecordedCharge {

    /** Stands for the row's model, whose family and present price must not have a say. */
    private static final String MODEL = "recorded";

    private static final String GROUP = "recorded";

    private final ObjectNode row;
    private final JsonNode other;
    private final Supplier<BigDecimal> unitsPerUsd;

    private RecordedCharge(ObjectNode row, Supplier<BigDecimal> unitsPerUsd) {
        this.row = row;
        this.other = row.path("other");
        this.unitsPerUsd = unitsPerUsd;
    }

    /**
     * The lines of the row's charge, their sum and what was charged; then, if that is not the row's quota, a line that
     * says so. Nothing for a row that records no ratios.
     *
     * @param row a row as {@link io.newapi.cli.output.View#log} makes it
     * @param unitsPerUsd quota units for a dollar; asked only for a call with one price
     */
    static List<String> explain(ObjectNode row, Supplier<BigDecimal> unitsPerUsd) {
        boolean priced = row.path("type").asText().equals("consume")
                && row.path("other").path("model_ratio").isNumber();
        return priced ? new RecordedCharge(row, unitsPerUsd).lines() : List.of();
    }

    private List<String> lines() {
        Charge charge;
        try {
            charge = quote().charge(usage());
        } catch (IllegalArgumentException | AmountOverflowException e) {
            return List.of("the recorded figures cannot be computed with: " + e.getMessage());
        }
        List<String> lines = new ArrayList<>();
        // The first line names the model, which the row does already.
        charge.explain().lines().skip(1).map(String::strip).forEach(lines::add);
        long recorded = row.path("quota").asLong();
        if (charge.quota().units() != recorded) {
            lines.add("the row's quota is " + recorded + ": the recorded figures do not add up to it");
        }
        return lines;
    }

    private Quote quote() {
        PriceBook.Builder book = PriceBook.builder()
                .withCompletionRatiosUnlocked(true)
                .withGroupRatios(table(GROUP, "group_ratio", Ratio.ONE));
        BigDecimal price = other.path("model_price").decimalValue();
        if (other.path("model_price").isNumber() && price.signum() >= 0) {
            book.withModelPrices(Map.of(MODEL, Ratio.of(price))).withQuotaPerUnit(unitsPerUsd.get());
        } else {
            book.withModelRatios(table(MODEL, "model_ratio", Ratio.ZERO))
                    .withCompletionRatios(table(MODEL, "completion_ratio", Ratio.ONE))
                    .withCacheRatios(table(MODEL, "cache_ratio", Ratio.ONE))
                    .withCacheWriteRatios(table(MODEL, "cache_creation_ratio", Ratio.ONE))
                    .withImageRatios(table(MODEL, "image_ratio", Ratio.ONE));
        }
        return book.build().quote(MODEL, GROUP, GROUP, false).match(quoted -> quoted, unpriced -> {
            throw new IllegalStateException("the book has this model's price");
        });
    }

    private Map<String, Ratio> table(String name, String field, Ratio otherwise) {
        JsonNode recorded = other.path(field);
        return Map.of(name, recorded.isNumber() ? Ratio.of(recorded.decimalValue()) : otherwise);
    }

    private Usage usage() {
        Usage usage = Usage.of(
                        row.path("prompt_tokens").asLong(),
                        row.path("completion_tokens").asLong())
                .withCachedTokens(count("cache_tokens"))
                .withCacheWriteTokens(count("cache_creation_tokens"))
                .withCacheWriteSplit(count("cache_creation_tokens_5m"), count("cache_creation_tokens_1h"))
                .withImageTokens(count("image_output"));
        boolean anthropic = other.path("usage_semantic").asText().equals(UsageSemantics.ANTHROPIC.code());
        return anthropic ? usage.withSemantics(UsageSemantics.ANTHROPIC) : usage;
    }

    private long count(String field) {
        return other.path(field).asLong();
    }
}
