package dev.kiln.platform.cli;

import dev.kiln.platform.exchange.ModelQuantization.Line;
import dev.kiln.platform.storage.Deviation;
import dev.kiln.spi.backend.WeightFormat;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What became of a model's weights, in words. */
record QuantizedLines(List<Line> lines) {

    void print(Path target, PrintWriter out) {
        out.println(target + ":");
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "format",
                        "tensors",
                        "elements",
                        "bytes before",
                        "bytes after",
                        "ratio",
                        "rms error"));
        for (WeightFormat format : WeightFormat.values()) {
            List<Line> own = lines.stream().filter(line -> line.format() == format).toList();
            if (!own.isEmpty()) {
                rows.add(row(format.name().toLowerCase(Locale.ROOT), own));
            }
        }
        rows.add(row("all", lines));
        Table.print(out, rows, 1);
    }

    private static List<String> row(String name, List<Line> lines) {
        long before = lines.stream().mapToLong(Line::before).sum();
        long after = lines.stream().mapToLong(Line::after).sum();
        Deviation deviation =
                lines.stream().map(Line::deviation).reduce(Deviation.NONE, Deviation::plus);
        return List.of(
                name,
                number(lines.size()),
                number(lines.stream().mapToLong(Line::elements).sum()),
                number(before),
                number(after),
                String.format(Locale.ROOT, "%.3f", (double) after / before),
                String.format(Locale.ROOT, "%.3f %%", 100 * deviation.relative()));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
