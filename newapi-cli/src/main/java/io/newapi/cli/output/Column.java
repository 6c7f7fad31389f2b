package io.newapi.cli.output;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A column of a table: the field of a row that it shows.
 *
 * @param title the heading
 * @param field the row's field, or a path of fields as {@code /a/b}
 */
public record Column(String title, String field) {

    /** Room for one value; a longer one ends in three dots. */
    private static final int MOST_CHARS = 48;

    /** A column headed by its field. */
    public static Column of(String field) {
        return new Column(field, field);
    }

    /** The value as text; lists by commas. */
    String cell(JsonNode row) {
        JsonNode value = field.startsWith("/") ? row.at(field) : row.path(field);
        String text = text(value);
        int end = text.offsetByCodePoints(0, Math.min(MOST_CHARS, text.codePointCount(0, text.length())));
        return end == text.length() ? text : text.substring(0, end) + "...";
    }

    boolean isNumber(JsonNode row) {
        return row.path(field).isNumber();
    }

    static String text(JsonNode value) {
        if (value.isArray()) {
            StringBuilder list = new StringBuilder();
            value.forEach(element -> list.append(list.isEmpty() ? "" : ",").append(text(element)));
            return list.toString();
        }
        if (value.isObject()) {
            return Table.harmless(value.toString());
        }
        return value.isNull() || value.isMissingNode() ? "" : Table.harmless(value.asText());
    }
}
