package io.newapi.cli.output;

/** The two ways of printing. */
public enum Format {
    /** Columns for people; widths and columns may change. */
    TABLE,
    /** One JSON document with stable field names. */
    JSON
}
