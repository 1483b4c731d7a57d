package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The names of a table's columns. Immutable. */
record Header(Row names) {

    boolean fits(Row row) {
        return row.cells().size() == names.cells().size();
    }

    InvalidInput misfit(Row row) {
        return row.place()
                .refuse(
                        String.format(
                                Locale.ROOT,
                                "expected %d columns, got %d",
                                names.cells().size(),
                                row.cells().size()));
    }

    /** @throws InvalidInput when there is no column of this name */
    String cell(Row row, String column) {
        int index = names.cells().indexOf(column);
        if (index < 0) {
            throw names.place()
                    .refuse(
                            String.format(
                                    Locale.ROOT,
                                    "expected a column %s; the header is %s",
                                    column,
                                    String.join(", ", names.cells())));
        }
        return row.cells().get(index);
    }

    List<String> cells(Row row, String... columns) {
        return Stream.of(columns).map(column -> cell(row, column)).toList();
    }

    /** What is right by a column, which tables of {@link TaskPart#TEST} may lack. */
    Answer answer(Row row, String column, Marks marks, TaskPart part) {
        return part == TaskPart.TEST && !names.cells().contains(column)
                ? new Answer.Unknown()
                : marks.answer(cell(row, column), row.place());
    }
}
