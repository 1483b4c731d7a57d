package dev.kiln.platform.cli;

import dev.kiln.platform.benchmark.Figures;
import dev.kiln.platform.benchmark.Series;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The figures of a benchmark as a table, or for JSON. */
final class BenchText {
    private static final Map<String, String> TITLES =
            Map.of(
                    Figures.MILLISECONDS, "ms",
                    Figures.TOKENS_PER_SECOND, "tokens/s",
                    Figures.MEGABYTES_PER_SECOND, "MB/s",
                    Figures.GIGABYTES_PER_SECOND, "GB/s",
                    Figures.GIGAFLOPS_PER_SECOND, "GFLOP/s",
                    Figures.PEAK_MEMORY_BYTES, "peak GiB",
                    Figures.FIRST_TOKEN_MILLISECONDS, "first ms");

    private BenchText() {}

    static Map<String, Object> json(Series series) {
        Map<String, Object> rows = new LinkedHashMap<>();
        series.spreads()
                .forEach(
                        (row, figures) -> {
                            Map<String, Object> own = new LinkedHashMap<>();
                            figures.forEach((name, spread) -> own.put(name, json(spread)));
                            rows.put(row, own);
                        });
        return rows;
    }

    private static Map<String, Object> json(Series.Spread spread) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("median", spread.median());
        object.put("least", spread.least());
        object.put("most", spread.most());
        object.put("rounds", spread.rounds());
        return object;
    }

    /** What was measured, then a table: medians, and the spread of the first figure. */
    static void print(PrintWriter out, Map<String, Object> head, Series series) {
        head.forEach((name, value) -> describe(out, name, value));
        out.println();
        Map<String, Map<String, Series.Spread>> rows = series.spreads();
        Set<String> names = new LinkedHashSet<>();
        rows.values().forEach(figures -> names.addAll(figures.keySet()));
        List<List<String>> table = new ArrayList<>(List.of(titles(names)));
        rows.forEach((row, figures) -> table.add(cells(row, figures, names)));
        Table.print(out, table, 1);
    }

    private static void describe(PrintWriter out, String name, Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> describe(out, key.toString(), inner));
        } else {
            String text = value instanceof Double number ? number(number) : value.toString();
            out.printf(Locale.ROOT, "%-32s %s%n", name, text);
        }
    }

    private static List<String> titles(Set<String> names) {
        List<String> titles = new ArrayList<>(List.of(""));
        names.forEach(name -> titles.add(TITLES.getOrDefault(name, name)));
        titles.add("spread");
        return titles;
    }

    private static List<String> cells(
            String row, Map<String, Series.Spread> figures, Set<String> names) {
        List<String> cells = new ArrayList<>(List.of(row));
        for (String name : names) {
            Series.Spread spread = figures.get(name);
            cells.add(spread == null ? "" : cell(name, spread.median()));
        }
        cells.add(percent(figures.values().iterator().next().relative()));
        return cells;
    }

    private static String cell(String name, double value) {
        return switch (name) {
            case Figures.SHARE -> percent(value);
            case Figures.PEAK_MEMORY_BYTES -> number(value / 0x1p30);
            default -> number(value);
        };
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** Four digits or so. */
    private static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 1000 ? "%,.0f" : size >= 10 ? "%.1f" : "%.4f";
        return String.format(Locale.ROOT, format, value);
    }
}
