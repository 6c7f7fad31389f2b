package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.cli.client.Json;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.pricing.Ratio;
import io.newapi.core.pricing.RatioTable;
import io.newapi.core.pricing.expression.Expression;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Changes prices by a gateway's options: a table replaces the one before as a whole, prices of tools are added. */
final class PriceOptions {

    private final PriceBook.Builder book;
    private final PriceBook before;

    private PriceOptions(PriceBook before) {
        this.before = before;
        this.book = before.toBuilder();
    }

    /**
     * @param options values by the names of options: tables as objects or as their JSON text
     * @throws IllegalArgumentException if one of them is unknown or has no such value
     */
    static PriceBook apply(PriceBook before, JsonNode options) {
        if (!options.isObject()) {
            throw new IllegalArgumentException("'options' is not an object");
        }
        PriceOptions changes = new PriceOptions(before);
        options.fields().forEachRemaining(option -> changes.set(option.getKey(), option.getValue()));
        return changes.book.build();
    }

    private void set(String name, JsonNode value) {
        String option = name.equals("group_ratio_setting.group_ratio") ? "GroupRatio" : name;
        Optional<RatioTable> table = RatioTable.ofOption(option);
        if (table.isPresent()) {
            book.withTable(table.get(), ratios(name, value));
            return;
        }
        switch (option) {
            case "GroupGroupRatio", "group_ratio_setting.group_group_ratio" ->
                book.withGroupGroupRatios(nested(name, value));
            case "QuotaPerUnit" ->
                book.withQuotaPerUnit(Fields.ratio(name, value).toBigDecimal());
            case "PreConsumedQuota" -> book.withPreConsumedTokens(wholeNumber(name, value));
            case "SelfUseModeEnabled" -> book.withUnpricedAllowed(flag(name, value));
            case "CompletionRatioUnlocked" -> book.withCompletionRatiosUnlocked(flag(name, value));
            case "tool_price_setting.prices" ->
                book.withToolPrices(before.toolPrices().with(ratios(name, value)));
            case "billing_setting.billing_mode" -> book.withTieredModels(tiered(name, value));
            case "billing_setting.billing_expr" -> book.withExpressions(expressions(name, value));
            default -> throw new IllegalArgumentException("there is no option '" + name + "' that changes prices");
        }
    }

    private static JsonNode object(String name, JsonNode value) {
        JsonNode node = value;
        if (value.isTextual()) {
            try {
                node = Json.parse(value.textValue().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new IllegalArgumentException("'" + name + "' is not valid JSON", e);
            }
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException("'" + name + "' is not an object");
        }
        return node;
    }

    private static Map<String, Ratio> ratios(String name, JsonNode value) {
        Map<String, Ratio> ratios = new HashMap<>();
        object(name, value)
                .fields()
                .forEachRemaining(entry ->
                        ratios.put(entry.getKey(), Fields.ratio(name + "." + entry.getKey(), entry.getValue())));
        return ratios;
    }

    private static Map<String, Map<String, Ratio>> nested(String name, JsonNode value) {
        Map<String, Map<String, Ratio>> tables = new HashMap<>();
        object(name, value)
                .fields()
                .forEachRemaining(
                        entry -> tables.put(entry.getKey(), ratios(name + "." + entry.getKey(), entry.getValue())));
        return tables;
    }

    private static long wholeNumber(String name, JsonNode value) {
        BigDecimal number = Fields.ratio(name, value).toBigDecimal();
        if (number.scale() > 0) {
            throw new IllegalArgumentException("'" + name + "' is not a whole number");
        }
        return number.longValueExact();
    }

    private static boolean flag(String name, JsonNode value) {
        return switch (value.asText()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'" + name + "' is not true or false");
        };
    }

    private static Set<String> tiered(String name, JsonNode value) {
        Set<String> models = new HashSet<>();
        JsonNode modes = object(name, value);
        modes.fieldNames().forEachRemaining(model -> {
            switch (Fields.text(modes, model, "ratio")) {
                case "tiered_expr" -> models.add(model);
                case "ratio" -> {}
                default ->
                    throw new IllegalArgumentException("'" + name + "." + model + "' is not ratio or tiered_expr");
            }
        });
        return models;
    }

    private static Map<String, Expression> expressions(String name, JsonNode value) {
        Map<String, Expression> expressions = new HashMap<>();
        JsonNode texts = object(name, value);
        texts.fieldNames().forEachRemaining(model -> {
            try {
                expressions.put(model, Expression.parse(Fields.text(texts, model, "")));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'" + name + "." + model + "': " + e.getMessage(), e);
            }
        });
        return expressions;
    }
}
