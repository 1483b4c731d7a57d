package dev.kiln.spi.evaluation;

import dev.kiln.spi.Experimental;
import java.util.List;

/**
 * One question of a task.
 *
 * @param id names it in messages and reports, such as {@code dev.tsv:17}; each of a part has its own
 * @param texts what is given, one for each of {@link EvalTask#fields}
 * @param choices its own choices, at least two, for {@link TaskKind#MULTIPLE_CHOICE}; else empty
 * @param answer what is right
 */
@Experimental
public record Example(String id, List<String> texts, List<String> choices, Answer answer) {
    public Example {
        texts = List.copyOf(texts);
        choices = List.copyOf(choices);
    }
}
