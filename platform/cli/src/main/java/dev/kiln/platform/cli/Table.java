package dev.kiln.platform.cli;

import java.io.PrintWriter;
import java.util.List;

/** Columns of text. */
final class Table {
    private Table() {}

    /**
     * Prints rows, indented by two.
     *
     * @param rows all of one length, at least one
     * @param numbers the first of the columns that are aligned to the right; the others to the left
     */
    static void print(PrintWriter out, List<List<String>> rows, int numbers) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String space = " ".repeat(widths[i] - row.get(i).length());
                line.append("  ").append(i < numbers ? row.get(i) + space : space + row.get(i));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
