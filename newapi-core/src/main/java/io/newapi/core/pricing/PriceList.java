package io.newapi.core.pricing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Prices as plain text: sections in brackets, and {@code name = value} lines below them.
 *
 * <pre>
 * # a comment
 * [Settings]
 * QuotaPerUnit = 500000
 *
 * [ModelRatio]
 * gpt-4o = 1.25
 *
 * [GroupGroupRatio vip]
 * edit_this = 0.9
 * </pre>
 *
 * <p>Strict: an unknown section or setting, a line of no known form, a name or section given twice and a value that is no
 * ratio are refused with the place where they are.
 */
final class PriceList {

    private static final String SETTINGS = "Settings";
    private static final String GROUP_GROUP = "GroupGroupRatio ";
    private final Map<String, Map<String, Ratio>> sections = new HashMap<>();

    private PriceList() {}

    /**
     * Reads a book; tables that {@code lines} do not mention are empty.
     *
     * @param source what to call the text in error messages
     * @throws IllegalArgumentException if a line is refused; the message names source, line number and line
     */
    static PriceBook parse(String source, List<String> lines) {
        PriceList list = new PriceList();
        Map<String, Ratio> section = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            try {
                if (line.startsWith("[")) {
                    section = list.open(line);
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    if (section == null) {
                        throw new IllegalArgumentException("no section above");
                    }
                    put(section, line);
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(source + ":" + (i + 1) + ": " + e.getMessage() + ", in: " + line, e);
            }
        }
        return list.toBook(source);
    }

    private Map<String, Ratio> open(String line) {
        if (!line.endsWith("]")) {
            throw new IllegalArgumentException("no closing bracket");
        }
        String name = line.substring(1, line.length() - 1);
        if (!name.equals(SETTINGS) && RatioTable.ofOption(name).isEmpty() && !name.startsWith(GROUP_GROUP)) {
            throw new IllegalArgumentException("unknown section");
        }
        Map<String, Ratio> section = new HashMap<>();
        if (sections.put(name, section) != null) {
            throw new IllegalArgumentException("section given twice");
        }
        return section;
    }

    private static void put(Map<String, Ratio> section, String line) {
        int separator = line.lastIndexOf(" = ");
        if (separator < 1) {
            throw new IllegalArgumentException("not of the form: name = value");
        }
        Ratio value = Ratio.parse(line.substring(separator + 3));
        if (section.put(line.substring(0, separator), value) != null) {
            throw new IllegalArgumentException("name given twice");
        }
    }

    private PriceBook toBook(String source) {
        Map<String, Map<String, Ratio>> groupGroup = new HashMap<>();
        sections.forEach((name, section) -> {
            if (name.startsWith(GROUP_GROUP)) {
                groupGroup.put(name.substring(GROUP_GROUP.length()), section);
            }
        });
        PriceBook.Builder book = PriceBook.builder().withGroupGroupRatios(groupGroup);
        RatioTable.all().forEach(table -> book.withTable(table, table(table.option())));
        table(SETTINGS).forEach((name, value) -> {
            try {
                set(book, name, value);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
            }
        });
        return book.build();
    }

    private static void set(PriceBook.Builder book, String name, Ratio value) {
        switch (name) {
            case "QuotaPerUnit" -> book.withQuotaPerUnit(value.toBigDecimal());
            case "PreConsumedQuota" -> {
                if (value.toBigDecimal().scale() > 0) {
                    throw new IllegalArgumentException(name + " must be a whole number: " + value);
                }
                book.withPreConsumedTokens(value.toBigDecimal().longValueExact());
            }
            default -> throw new IllegalArgumentException("unknown setting: " + name);
        }
    }

    private Map<String, Ratio> table(String name) {
        return sections.getOrDefault(name, Map.of());
    }
}
