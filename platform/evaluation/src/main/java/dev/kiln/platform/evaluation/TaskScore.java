package dev.kiln.platform.evaluation;

import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How well a model answers a task.
 *
 * @param shots solved examples before each question
 * @param examples number of questions
 * @param figures the main one first
 * @param prompts what became of the questions' prompts
 * @param contamination of the questions by what was learned from
 * @param clean the main figure of the questions that are not contaminated; NaN where none are left
 */
public record TaskScore(
        String task,
        TaskKind kind,
        TaskPart part,
        int shots,
        int examples,
        List<Figure> figures,
        PromptCounts prompts,
        Contamination.Result contamination,
        double clean) {

    /**
     * What became of the questions' prompts.
     *
     * @param fewer questions that got fewer solved examples, because more did not fit
     * @param dropped solved examples that did not fit, of all questions
     * @param cut questions that lost their beginning, because they did not fit
     * @param replaced questions that were among their own solved examples; another took their place
     */
    public record PromptCounts(int fewer, int dropped, int cut, int replaced) {}

    /** The figures' values by name, such as {@code wordnet-category/2 shots/accuracy}. */
    Map<String, Double> named() {
        Map<String, Double> named = new LinkedHashMap<>();
        for (Figure figure : figures) {
            named.put(task + "/" + shots + " shots/" + figure.name(), figure.value());
        }
        return named;
    }

    public Figure main() {
        return figures.getFirst();
    }

    public Optional<Figure> figure(String name) {
        return figures.stream().filter(figure -> figure.name().equals(name)).findFirst();
    }
}
