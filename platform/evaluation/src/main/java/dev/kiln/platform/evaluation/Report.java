package dev.kiln.platform.evaluation;

import dev.kiln.platform.storage.HuggingFaceFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Scores as a table and as JSON.
 *
 * @param model what was measured, and how it computed
 * @param seconds from the opened model to the last score
 */
record Report(Map<String, String> model, List<TaskScore> scores, double seconds) {
    /** The first columns, task and measure; the others are numbers. */
    private static final int TEXTS = 2;

    private static final String EXPLANATION =
            "overlap: examples that share %d words in a row with training text, of those with so"
                    + " many words; without: the figure of all others";

    void print(PrintStream out) {
        Columns.lines(rows(), TEXTS).forEach(out::println);
        notes().forEach(out::println);
    }

    /** A table, its head first. */
    List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "task",
                        "measure",
                        "shots",
                        "examples",
                        "value",
                        "95 % interval",
                        "overlap",
                        "without"));
        for (TaskScore score : scores) {
            for (Figure figure : score.figures()) {
                rows.add(row(score, figure));
            }
        }
        return rows;
    }

    private static List<String> row(TaskScore score, Figure figure) {
        boolean main = figure == score.main();
        Contamination.Result found = score.contamination();
        return List.of(
                score.task(),
                figure.name(),
                Integer.toString(score.shots()),
                String.format(Locale.ROOT, "%,d", score.examples()),
                number(figure.value()),
                interval(figure),
                main ? found.overlapping() + "/" + (found.items() - found.tooShort()) : "",
                main ? number(score.clean()) : "");
    }

    static String interval(Figure figure) {
        return number(figure.low()) + " to " + number(figure.high());
    }

    static String number(double value) {
        return Double.isNaN(value)
                ? "none"
                : String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.4f" : "%,.2f", value);
    }

    /** What has to be known to judge the scores, a sentence each. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        scores.forEach(score -> notes.addAll(notes(score)));
        notes.add(String.format(Locale.ROOT, EXPLANATION, Contamination.LENGTH));
        return notes;
    }

    private static List<String> notes(TaskScore score) {
        List<String> notes = new ArrayList<>();
        TaskScore.PromptCounts prompts = score.prompts();
        if (prompts.dropped() > 0) {
            notes.add(
                    note(score, prompts.fewer(), "have fewer solved examples")
                            + String.format(
                                    Locale.ROOT, ", %,d in all did not fit", prompts.dropped()));
        }
        if (prompts.cut() > 0) {
            String what = "were longer than the context and lost their beginning";
            notes.add(note(score, prompts.cut(), what));
        }
        if (prompts.replaced() > 0) {
            String what = "were among their own solved examples; others took their place";
            notes.add(note(score, prompts.replaced(), what));
        }
        return notes;
    }

    private static String note(TaskScore score, int questions, String what) {
        return String.format(
                Locale.ROOT,
                "%s, %d shots: %,d of %,d questions %s",
                score.task(),
                score.shots(),
                questions,
                score.examples(),
                what);
    }

    void write(Path file) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>(model);
        all.put("seconds", seconds);
        all.put("scores", scores.stream().map(Report::json).toList());
        HuggingFaceFolder.write(file, all);
    }

    private static Map<String, Object> json(TaskScore score) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("task", score.task());
        json.put("kind", word(score.kind()));
        json.put("part", word(score.part()));
        json.put("shots", score.shots());
        json.put("examples", score.examples());
        Map<String, Object> figures = new LinkedHashMap<>();
        for (Figure figure : score.figures()) {
            figures.put(
                    figure.name(),
                    Map.of("value", figure.value(), "low", figure.low(), "high", figure.high()));
        }
        json.put("main", score.main().name());
        json.put("figures", figures);
        json.put("questionsWithFewerShots", score.prompts().fewer());
        json.put("droppedShots", score.prompts().dropped());
        json.put("cut", score.prompts().cut());
        json.put("questionsAmongTheirShots", score.prompts().replaced());
        Map<String, Object> contamination = new LinkedHashMap<>();
        contamination.put("overlapping", score.contamination().overlapping());
        contamination.put("tooShort", score.contamination().tooShort());
        if (!Double.isNaN(score.clean())) {
            contamination.put("mainOfOthers", score.clean());
        }
        json.put("contamination", contamination);
        return json;
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
