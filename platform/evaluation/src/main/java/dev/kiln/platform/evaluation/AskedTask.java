package dev.kiln.platform.evaluation;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A task and those of its examples that are to be answered.
 *
 * @param examples all with an answer, except where nothing is asked; at least one
 */
record AskedTask(PromptForm form, TaskPart part, List<Example> examples) {

    /**
     * @param part empty for test where it has answers, else validation
     * @throws InvalidInput when there is no such example
     */
    static AskedTask of(PromptForm form, Optional<TaskPart> part, int limit) {
        for (TaskPart candidate :
                part.map(List::of).orElse(List.of(TaskPart.TEST, TaskPart.VALIDATION))) {
            List<Example> examples = answered(form.task(), candidate);
            if (!examples.isEmpty()) {
                return new AskedTask(
                        form, candidate, examples.subList(0, Math.min(limit, examples.size())));
            }
        }
        throw new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "task '%s': no examples with answers in %s",
                        form.name(),
                        part.map(one -> "its part " + one.name().toLowerCase(Locale.ROOT))
                                .orElse("its parts test and validation")));
    }

    private static List<Example> answered(EvalTask task, TaskPart part) {
        return task.examples(part).stream()
                .filter(
                        example ->
                                task.kind() == TaskKind.TEXT
                                        || !(example.answer() instanceof Answer.Unknown))
                .toList();
    }

    /** Nothing is asked of documents, so nothing can be shown how to answer. */
    List<Integer> shots(List<Integer> asked) {
        return form.task().kind() == TaskKind.TEXT ? List.of(0) : asked;
    }

    /** Looks for the examples in others, to learn from, and in a corpus. */
    Contamination.Result contamination(List<Example> training, Stream<String> corpus) {
        Contamination contamination =
                new Contamination(examples.stream().map(this::whole).toList());
        training.forEach(example -> contamination.read(whole(example)));
        corpus.forEach(contamination::read);
        return contamination.result();
    }

    /** An example's texts and its answer as one. */
    private String whole(Example example) {
        return form.task().kind() == TaskKind.TEXT
                ? example.texts().getFirst()
                : String.join(" ", example.texts()) + " " + form.answer(example);
    }
}
