package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.Doc;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.Optional;

/** Options of every task of this plugin. */
public record TaskFiles(
        @Doc("the folder of the task's files, which are named as they were published") String path,
        @Doc("a file of that folder to learn from, if not the usual one") Optional<String> train,
        @Doc("a file of that folder to choose by, if not the usual one")
                Optional<String> validation,
        @Doc("a file of that folder to report on, if not the usual one") Optional<String> test) {

    Optional<String> chosen(TaskPart part) {
        return switch (part) {
            case TRAIN -> train;
            case VALIDATION -> validation;
            case TEST -> test;
        };
    }
}
