package io.newapi.server.snapshot;

import io.newapi.core.channel.StatusRanges;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.pricing.Ratio;
import io.newapi.core.pricing.expression.EvaluationException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** What makes no sense as the value of an option. Each check throws {@link IllegalArgumentException} with the reason. */
final class OptionChecks {

    private static final long MAX_RATE = Integer.MAX_VALUE;

    private OptionChecks() {}

    static Consumer<String> any() {
        return text -> {};
    }

    static Consumer<String> between(long least, long most) {
        return text -> {
            long value = Long.parseLong(text);
            if (value < least || value > most) {
                throw new IllegalArgumentException("must be from " + least + " to " + most + ": " + value);
            }
        };
    }

    static Consumer<String> decimalFrom(String least) {
        BigDecimal bound = new BigDecimal(least);
        return text -> {
            if (new BigDecimal(text).compareTo(bound) < 0) {
                throw new IllegalArgumentException("must not be below " + least + ": " + text);
            }
        };
    }

    static Consumer<String> positive() {
        return text -> {
            if (new BigDecimal(text).signum() <= 0) {
                throw new IllegalArgumentException("must be above 0: " + text);
            }
        };
    }

    /** Above 0, and a number that prices can be computed with. */
    static Consumer<String> quotaPerUnit() {
        return text -> PriceBook.builder().withQuotaPerUnit(new BigDecimal(text));
    }

    static Consumer<String> oneOf(String... allowed) {
        List<String> values = List.of(allowed);
        return text -> {
            if (!values.contains(text)) {
                throw new IllegalArgumentException("must be one of " + values + ": " + text);
            }
        };
    }

    static Consumer<String> ratio() {
        return Ratio::parse;
    }

    /** {@code {model: "ratio" or "tiered_expr"}}. */
    static Consumer<String> billingModes() {
        return BillingModes::tiered;
    }

    /** {@code {model: expression}}, none of them below zero for any sample call. */
    static Consumer<String> expressions() {
        return text -> BillingModes.expressions(text).forEach((model, expression) -> {
            try {
                expression.check();
            } catch (IllegalArgumentException | EvaluationException e) {
                throw new IllegalArgumentException("'" + model + "': " + e.getMessage(), e);
            }
        });
    }

    static Consumer<String> ratios() {
        return JsonText::ratios;
    }

    static Consumer<String> nestedRatios() {
        return JsonText::nestedRatios;
    }

    static Consumer<String> texts() {
        return JsonText::texts;
    }

    static Consumer<String> nestedTexts() {
        return JsonText::nestedTexts;
    }

    static Consumer<String> list() {
        return JsonText::list;
    }

    static Consumer<String> array() {
        return text -> {
            if (!JsonText.tree(text).isArray()) {
                throw new IllegalArgumentException("must be a JSON array");
            }
        };
    }

    static Consumer<String> object() {
        return text -> {
            if (!JsonText.tree(text).isObject()) {
                throw new IllegalArgumentException("must be a JSON object");
            }
        };
    }

    /** Empty, or a JSON array with at most so many elements. */
    static Consumer<String> emptyOrArray(int most) {
        return text -> {
            if (!text.isEmpty()) {
                array().accept(text);
                int size = JsonText.tree(text).size();
                if (size > most) {
                    throw new IllegalArgumentException("at most " + most + " entries: " + size);
                }
            }
        };
    }

    static Consumer<String> emptyOrObject() {
        return text -> {
            if (!text.isEmpty()) {
                object().accept(text);
            }
        };
    }

    /** {@code {group: [total, successful]}}, requests in a window. */
    static Consumer<String> rateLimits() {
        return text -> JsonText.numberLists(text).forEach((group, limits) -> {
            if (limits.size() != 2
                    || limits.get(0) < 0
                    || limits.get(1) < 1
                    || limits.stream().anyMatch(limit -> limit > MAX_RATE)) {
                throw new IllegalArgumentException("'" + group
                        + "': must be [total >= 0, successful >= 1], each at most " + MAX_RATE + ": " + limits);
            }
        });
    }

    /** {@code {model: text units}}. */
    static Consumer<String> tokenCounts() {
        return text -> JsonText.wholeNumbers(text).forEach((model, count) -> {
            if (count < 1 || count > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "'" + model + "': must be from 1 to " + Integer.MAX_VALUE + ": " + count);
            }
        });
    }

    /** {@code {model: version}}, each as one segment of a path. */
    static Consumer<String> versions() {
        return text -> JsonText.texts(text).forEach((model, version) -> {
            if (!version.matches("[A-Za-z0-9._-]{1,40}")) {
                throw new IllegalArgumentException("'" + model + "': not a version of an API: " + version);
            }
        });
    }

    /** HTTP statuses and ranges of them, separated by commas. */
    static Consumer<String> statusRanges() {
        return text -> {
            if (!text.isBlank()) {
                StatusRanges.parse(text);
            }
        };
    }

    /** Empty, or the name of an HTTP header. */
    static Consumer<String> headerName() {
        return text -> {
            if (!text.matches("[A-Za-z0-9_-]{0,100}")) {
                throw new IllegalArgumentException("not the name of a header: " + text);
            }
        };
    }

    /** Ports and ranges of ports. */
    static Consumer<String> ports() {
        return text -> JsonText.list(text).forEach(port -> {
            String[] ends = port.strip().split("-", 2);
            if (!Arrays.stream(ends).allMatch(end -> end.matches("[0-9]{1,5}") && Integer.parseInt(end) <= 65_535)) {
                throw new IllegalArgumentException("not a port or range of ports: " + port);
            }
        });
    }
}
