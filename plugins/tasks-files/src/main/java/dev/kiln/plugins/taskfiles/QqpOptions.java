package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import java.util.Optional;

/** Options of {@code qqp}. */
public record QqpOptions(
        @Doc("the folder of the task's files, which are named as they were published") String path,
        @Doc("a file of that folder to learn from, if not the usual one") Optional<String> train,
        @Doc("a file of that folder to choose by, if not the usual one")
                Optional<String> validation,
        @Doc("a file of that folder to report on, if not the usual one") Optional<String> test,
        @Doc("leave out lines with a wrong number of columns, of which train.tsv has some")
                @Default("false")
                boolean skipBroken) {

    TaskFiles files() {
        return new TaskFiles(path, train, validation, test);
    }
}
