package io.newapi.cli.output;

import java.util.ArrayList;
import java.util.List;

/**
 * Aligns cells of text in columns two blanks apart. East Asian characters count as two places, as terminals draw them.
 * No colours. Not thread-safe.
 */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] toTheRight;

    Table(int columns) {
        this.toTheRight = new boolean[columns];
    }

    /** Aligns a column's values to the right. */
    void alignRight(int column) {
        toTheRight[column] = true;
    }

    void add(List<String> cells) {
        rows.add(cells);
    }

    List<String> lines() {
        int[] widths = new int[toTheRight.length];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String blanks = " ".repeat(widths[i] - width(row.get(i)));
            line.append(i == 0 ? "" : "  ");
            line.append(toTheRight[i] ? blanks + row.get(i) : row.get(i) + blanks);
        }
        return line.toString().stripTrailing();
    }

    /** Without control characters: names come from other people and may hold commands for terminals. */
    static String harmless(String text) {
        StringBuilder harmless = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean control = type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE;
            harmless.appendCodePoint(control ? (c == '\n' || c == '\t' ? ' ' : '?') : c);
        });
        return harmless.toString();
    }

    private static int width(String text) {
        return text.codePoints().map(Table::places).sum();
    }

    /** East Asian wide characters and pictographs as terminals draw them, in ranges coarser than the standard's. */
    private static int places(int c) {
        if (Character.getType(c) == Character.NON_SPACING_MARK) {
            return 0;
        }
        boolean wide = (c >= 0x1100 && c <= 0x115f)
                || (c >= 0x2e80 && c <= 0xa4cf)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0xfe30 && c <= 0xfe6f)
                || (c >= 0xff01 && c <= 0xff60)
                || (c >= 0xffe0 && c <= 0xffe6)
                || (c >= 0x1f300 && c <= 0x1faff)
                || (c >= 0x20000 && c <= 0x3fffd);
        return wide ? 2 : 1;
    }
}
