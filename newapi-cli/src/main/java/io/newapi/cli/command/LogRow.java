package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.Json;
import io.newapi.core.pricing.AudioCall;
import io.newapi.core.pricing.AudioUsage;
import io.newapi.core.pricing.CallUse;
import io.newapi.core.pricing.ImageOrder;
import io.newapi.core.pricing.OutputTokens;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.pricing.Quote;
import io.newapi.core.pricing.Ratio;
import io.newapi.core.pricing.RatioTable;
import io.newapi.core.pricing.ToolUse;
import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;
import io.newapi.core.pricing.expression.Expression;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A row of the log, as the admin API or {@code log list} give it: what was used, and the ratios that it was charged by. */
final class LogRow {

    private static final String CONSUME = "2";
    private static final String IMAGE_GENERATION = "image_generation_call";
    private static final String CALLS = "_call_count";

    private final JsonNode row;
    private final JsonNode other;
    private final String model;

    /** @throws IllegalArgumentException if its {@code other} cannot be read */
    LogRow(ObjectNode row) {
        this.row = row;
        this.model = Fields.text(row, "model_name", Fields.text(row, "model", ""));
        this.other = other(row.path("other"));
    }

    /** Whether a line is a row and no call. */
    static boolean isOne(ObjectNode line) {
        return line.has("other") && (line.has("model_name") || line.has("model"));
    }

    private static JsonNode other(JsonNode value) {
        if (!value.isTextual()) {
            return value;
        }
        if (value.textValue().isBlank()) {
            return Json.object();
        }
        try {
            return Json.parse(value.textValue().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException("'other' is not valid JSON", e);
        }
    }

    /** Rows of top-ups, errors and the like have nothing to price. */
    boolean isCall() {
        String type = row.path("type").asText("");
        return type.isEmpty() || type.equals(CONSUME) || type.equals("consume");
    }

    /** What kind of audio call it was, if it was one. */
    Optional<AudioCall> audioCall() {
        for (AudioCall kind : AudioCall.values()) {
            if (other.path(kind.key()).asBoolean()) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** The terms that the row tells, on top of {@code before}. */
    Quote quote(PriceBook before) {
        if (other.path("is_task").asBoolean() || other.has("violation_fee")) {
            throw new IllegalArgumentException("the row is of a task or a fine, not of a call");
        }
        PriceBook.Builder book = before.toBuilder().withCompletionRatiosUnlocked(true);
        Map<String, Ratio> none = Map.of();
        String billed = PriceBook.billingName(model);
        Optional<Ratio> price = Fields.ratioIfAny(other, "model_price");
        Optional<Ratio> ratio = Fields.ratioIfAny(other, "model_ratio");
        book.withTieredModels(Set.of());
        if (Fields.text(other, "billing_mode", "").equals("tiered_expr")) {
            book.withTieredModels(Set.of(model)).withExpressions(Map.of(model, expression()));
        } else if (price.isPresent()) {
            // -1, which is no price, says that there was none
            book.withModelPrices(Map.of(billed, price.get()));
        } else if (ratio.isPresent()) {
            book.withModelPrices(none).withModelRatios(Map.of(billed, ratio.get()));
        } else {
            throw new IllegalArgumentException("'other' has neither model_ratio nor model_price");
        }
        set(book, RatioTable.COMPLETION_RATIO, billed, "completion_ratio");
        set(book, RatioTable.CACHE_RATIO, model, "cache_ratio");
        set(book, RatioTable.CACHE_WRITE_RATIO, model, "cache_creation_ratio_5m");
        set(book, RatioTable.CACHE_WRITE_RATIO, model, "cache_creation_ratio");
        set(book, RatioTable.IMAGE_RATIO, model, "image_ratio");
        set(book, RatioTable.AUDIO_RATIO, billed, "audio_ratio");
        set(book, RatioTable.AUDIO_COMPLETION_RATIO, billed, "audio_completion_ratio");
        set(book, RatioTable.GROUP_RATIO, "", "group_ratio");
        book.withGroupGroupRatios(Map.of());
        book.withToolPrices(before.toolPrices().with(toolPrices()));
        return book.build().quote(model, "", "", false).match(quote -> quote, unpriced -> {
            throw new IllegalArgumentException("no price for the model " + unpriced);
        });
    }

    private void set(PriceBook.Builder book, RatioTable table, String name, String key) {
        Fields.ratioIfAny(other, key).ifPresent(ratio -> book.withTable(table, Map.of(name, ratio)));
    }

    private Expression expression() {
        byte[] text = Base64.getDecoder().decode(Fields.text(other, "expr_b64", ""));
        return Expression.parse(new String(text, StandardCharsets.UTF_8));
    }

    private Map<String, Ratio> toolPrices() {
        Map<String, Ratio> prices = new HashMap<>();
        for (ToolUse tool : tools()) {
            boolean isImage = tool.tool().startsWith(IMAGE_GENERATION);
            Fields.ratioIfAny(other, (isImage ? IMAGE_GENERATION : tool.tool()) + "_price")
                    .ifPresent(usd -> {
                        Ratio perThousand =
                                isImage ? Ratio.of(usd.toBigDecimal().multiply(BigDecimal.valueOf(1000))) : usd;
                        prices.put(tool.tool(), perThousand);
                        // the longest prefix that fits wins, so the row's price does
                        prices.put(tool.tool() + ":" + model + "*", perThousand);
                    });
        }
        return prices;
    }

    private List<ToolUse> tools() {
        List<ToolUse> tools = new ArrayList<>();
        other.fieldNames().forEachRemaining(key -> {
            if (key.endsWith(CALLS) && key.length() > CALLS.length()) {
                tools.add(new ToolUse(key.substring(0, key.length() - CALLS.length()), Fields.count(other, key)));
            }
        });
        if (other.path(IMAGE_GENERATION).asBoolean()) {
            long count = Fields.has(other, IMAGE_GENERATION + "_count")
                    ? Fields.count(other, IMAGE_GENERATION + "_count")
                    : 1;
            tools.add(new ToolUse(IMAGE_GENERATION, count));
        }
        return tools;
    }

    /** What the row says was used. */
    UsageJson.Used used() {
        boolean anthropic = Fields.text(other, "usage_semantic", "").equals(UsageSemantics.ANTHROPIC.code())
                || other.path("claude").asBoolean();
        Usage usage = new Usage(
                Fields.count(row, "prompt_tokens"),
                Fields.count(row, "completion_tokens"),
                Fields.count(other, "cache_tokens"),
                Fields.count(other, "cache_creation_tokens", "cache_write_tokens"),
                Fields.count(other, "cache_creation_tokens_5m"),
                Fields.count(other, "cache_creation_tokens_1h"),
                Fields.count(other, "image_output"),
                Fields.count(other, "audio_input_token_count"),
                anthropic ? UsageSemantics.ANTHROPIC : UsageSemantics.OPENAI);
        AudioUsage details = audioCall().isEmpty()
                ? null
                : new AudioUsage(
                        Fields.count(other, "text_input"),
                        Fields.count(other, "audio_input"),
                        Fields.count(other, "text_output"),
                        Fields.count(other, "audio_output"));
        CallUse use = CallUse.of(usage)
                .withOutput(new OutputTokens(0, Fields.count(other, "audio_output")))
                .withTools(tools());
        if (Fields.has(other, "image_count")) {
            use = use.withImages(new ImageOrder(
                    Fields.count(other, "image_count"),
                    Fields.text(other, "image_size", ""),
                    Fields.text(other, "image_quality", "")));
        }
        // the row shows the usage as it was charged, so nothing is left to correct
        return new UsageJson.Used(use, details, null, 0);
    }
}
