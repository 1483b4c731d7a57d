package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskPart;
import java.nio.file.Path;
import java.util.List;

/**
 * Columns between tabs, a header above. Nothing is quoted: a quotation mark is text.
 *
 * @param texts the columns of an example's texts
 * @param answer the column of what is right
 * @param headerless the columns of the labelled files, where those have no header; else empty
 * @param skipBroken whether lines of another width are left out, not refused
 */
record Tsv(
        List<String> texts, String answer, Marks marks, List<String> headerless, boolean skipBroken)
        implements Format {

    static Tsv of(List<String> texts, String answer, Marks marks) {
        return new Tsv(texts, answer, marks, List.of(), false);
    }

    @Override
    public List<Example> read(Path file, TaskPart part) {
        TableReading table =
                new TableReading((header, row) -> example(header, row, part), skipBroken);
        if (part != TaskPart.TEST && !headerless.isEmpty()) {
            table.accept(new Row(new Place(file, 1), headerless));
        }
        Lines.eachFilled(
                file,
                line -> table.accept(new Row(line.place(), List.of(line.text().split("\t", -1)))));
        return table.examples();
    }

    private Example example(Header header, Row row, TaskPart part) {
        return new Example(
                row.place().id(),
                texts.stream().map(column -> header.cell(row, column)).toList(),
                List.of(),
                header.answer(row, answer, marks, part));
    }
}
