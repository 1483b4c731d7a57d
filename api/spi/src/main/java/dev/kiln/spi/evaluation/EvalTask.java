package dev.kiln.spi.evaluation;

import dev.kiln.spi.Experimental;
import java.util.List;

/**
 * A task is data with a shape. Whether a fine-tuned head, a prompt or a prompt with solved examples
 * answers it is not its business. Thread-safe.
 */
@Experimental
public interface EvalTask {

    TaskKind kind();

    /** Names of an example's texts, as a prompt has them, such as {@code premise, hypothesis}. */
    List<String> fields();

    /** The classes, in the order of {@link Answer.Choice}; empty where there are none. */
    List<String> labels();

    /**
     * The examples of a part, always the same in the same order; none where the task has no such
     * part.
     *
     * @throws dev.kiln.spi.InvalidInput when a file is missing or not of the expected format; names
     *     the file and the line
     */
    List<Example> examples(TaskPart part);

    /** How it is put to a language model, unless a run says otherwise. */
    Prompt prompt();

    /** What is reported; the first is what the task is known by. */
    List<Metric> metrics();
}
