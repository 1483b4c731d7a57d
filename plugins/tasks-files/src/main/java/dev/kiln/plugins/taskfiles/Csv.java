package dev.kiln.plugins.taskfiles;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Columns between commas, as of RFC 4180: a cell in quotation marks may hold commas, line ends and,
 * doubled, quotation marks. Used by one thread.
 */
final class Csv implements Consumer<Line> {
    private static final char QUOTE = '"';

    private final Consumer<Row> rows;
    private final List<String> cells = new ArrayList<>();
    private final StringBuilder cell = new StringBuilder();
    private boolean quoted;
    private Place start;

    private Csv(Path file, Consumer<Row> rows) {
        this.start = new Place(file, 1);
        this.rows = rows;
    }

    /**
     * Hands on row by row, without blank lines between them.
     *
     * @throws dev.kiln.spi.InvalidInput when a quotation mark is in the wrong place or not closed
     */
    static void each(Path file, Consumer<Row> rows) {
        Csv csv = new Csv(file, rows);
        Lines.each(file, csv);
        if (csv.quoted) {
            throw csv.start.refuse("expected a closing \"");
        }
    }

    @Override
    public void accept(Line line) {
        if (quoted) {
            cell.append('\n');
        } else if (line.text().isBlank()) {
            return;
        } else {
            start = line.place();
        }
        read(line);
        if (!quoted) {
            endCell();
            rows.accept(new Row(start, List.copyOf(cells)));
            cells.clear();
        }
    }

    private void read(Line line) {
        String text = line.text();
        boolean open = !quoted;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == QUOTE && i + 1 < text.length() && text.charAt(i + 1) == QUOTE) {
                cell.append(QUOTE);
                i++;
            } else if (quoted && c == QUOTE) {
                quoted = false;
                open = false;
            } else if (quoted) {
                cell.append(c);
            } else if (c == ',') {
                endCell();
                open = true;
            } else if (c == QUOTE && open && cell.isEmpty()) {
                quoted = true;
            } else if (c == QUOTE || !open) {
                throw line.place()
                        .refuse(
                                String.format(
                                        Locale.ROOT,
                                        "expected a comma at column %d, got %c",
                                        i + 1,
                                        c));
            } else {
                cell.append(c);
            }
        }
    }

    private void endCell() {
        cells.add(cell.toString());
        cell.setLength(0);
    }
}
