package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** One pass over a table: a header, then a row an example. Used by one thread. */
final class TableReading implements Consumer<Row> {
    private final BiFunction<Header, Row, Example> reader;
    private final boolean skipBroken;
    private final List<Example> examples = new ArrayList<>();
    private Optional<Header> header = Optional.empty();

    TableReading(BiFunction<Header, Row, Example> reader, boolean skipBroken) {
        this.reader = reader;
        this.skipBroken = skipBroken;
    }

    @Override
    public void accept(Row row) {
        if (header.isEmpty()) {
            header = Optional.of(new Header(row));
            return;
        }
        Header names = header.orElseThrow();
        if (names.fits(row)) {
            examples.add(reader.apply(names, row));
        } else if (!skipBroken) {
            throw names.misfit(row);
        }
    }

    List<Example> examples() {
        return examples;
    }
}
