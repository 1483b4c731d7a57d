package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskPart;
import java.nio.file.Path;
import java.util.List;

/** How a task's files say their examples. Immutable. */
@FunctionalInterface
interface Format {

    /**
     * All examples of a file, or of a folder of files.
     *
     * @param part what the file is for: answers may be missing in {@link TaskPart#TEST} only
     * @throws dev.kiln.spi.InvalidInput when it is not of this format; names file and line
     */
    List<Example> read(Path file, TaskPart part);
}
