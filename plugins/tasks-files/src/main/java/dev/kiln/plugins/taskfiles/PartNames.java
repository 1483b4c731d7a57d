package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.TaskPart;
import java.util.List;

/**
 * The names under which each part's file, or its folder of files, is published: the first that is
 * there counts; {@code *} stands for anything. No names where nothing is published.
 */
record PartNames(List<String> train, List<String> validation, List<String> test) {

    static PartNames of(String train, String validation, String test) {
        return new PartNames(List.of(train), List.of(validation), List.of(test));
    }

    List<String> of(TaskPart part) {
        return switch (part) {
            case TRAIN -> train;
            case VALIDATION -> validation;
            case TEST -> test;
        };
    }
}
