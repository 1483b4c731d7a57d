package dev.kiln.platform.evaluation;

import java.util.List;

/** Rows of text as lines whose columns stand below each other. */
public final class Columns {
    private static final String GAP = "  ";

    private Columns() {}

    /**
     * @param rows all of one length, at least one
     * @param left how many columns, the first ones, are aligned to the left; the others to the right
     */
    public static List<String> lines(List<List<String>> rows, int left) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths, left)).toList();
    }

    private static String line(List<String> row, int[] widths, int left) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String space = " ".repeat(widths[i] - row.get(i).length());
            line.append(i < left ? row.get(i) + space : space + row.get(i)).append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
