package dev.kiln.platform.comparison;

import dev.kiln.platform.evaluation.Columns;
import dev.kiln.platform.evaluation.Figure;
import dev.kiln.platform.storage.HuggingFaceFolder;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** All tasks in all ways: one table, as text, as Markdown and as JSON. */
record Comparison(List<TaskWays> tasks) {

    void print(PrintStream out) {
        List<List<String>> rows = rows();
        Columns.lines(rows, rows.getFirst().size()).forEach(out::println);
    }

    /**
     * As a page.
     *
     * @param learning how the model and its heads learned, a sentence or two
     * @param environment versions and hardware, a line each
     */
    String page(String learning, String environment) {
        return String.format(
                Locale.ROOT,
                """
                # Ways to do a task

                One model does each task with a fine-tuned head (as GPT-1 did), asked as it is (GPT-2) and after
                solved examples (GPT-3). %s

                %s
                Values have 95 %% intervals, bootstrapped from the questions, which are the same in all ways.

                - **majority class**: the most frequent answer of the training examples.
                - **n-grams**: naive Bayes over words, pairs of neighbouring words and those that two texts share, from
                  the same training examples as the heads, smoothed as is best on the validation part.
                - **head, random start**: what the fine-tuned head would be worth without pre-training; all else is equal.
                - **head, pre-trained**: the epoch that is best on the validation part.
                - **prompt**: the likeliest answer by the model as it was pre-trained, of multiple choice by byte; solved
                  examples are drawn from the training part by the seed. Free answers are written greedily.

                ```
                %s
                ```
                """,
                learning,
                markdown(),
                environment.strip());
    }

    /** As a table of Markdown. */
    String markdown() {
        List<List<String>> rows = rows();
        StringBuilder text = new StringBuilder(line(rows.getFirst()));
        text.append(line(rows.getFirst().stream().map(_ -> "---").toList()));
        rows.stream().skip(1).map(Comparison::line).forEach(text::append);
        return text.toString();
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** A row for each way; the first says tasks and measures. */
    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("", tasks.stream().map(TaskWays::task).toList()));
        rows.add(
                row(
                        "questions",
                        tasks.stream()
                                .map(task -> String.format(Locale.ROOT, "%,d", task.examples()))
                                .toList()));
        rows.add(row("measure", tasks.stream().map(TaskWays::measure).toList()));
        for (String way : ways()) {
            rows.add(
                    row(
                            way,
                            tasks.stream()
                                    .map(task -> task.figure(way).map(Comparison::cell).orElse("-"))
                                    .toList()));
        }
        return rows;
    }

    private static List<String> row(String name, List<String> cells) {
        List<String> row = new ArrayList<>(List.of(name));
        row.addAll(cells);
        return row;
    }

    private Set<String> ways() {
        return tasks.stream()
                .flatMap(task -> task.ways().stream())
                .map(Way::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String cell(Figure figure) {
        return String.format(
                Locale.ROOT, "%.3f (%.3f to %.3f)", figure.value(), figure.low(), figure.high());
    }

    String json() {
        return HuggingFaceFolder.json(
                        Map.of("tasks", tasks.stream().map(Comparison::json).toList()))
                + "\n";
    }

    private static Map<String, Object> json(TaskWays task) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("task", task.task());
        json.put("measure", task.measure());
        json.put("questions", task.examples());
        Map<String, Object> ways = new LinkedHashMap<>();
        for (Way way : task.ways()) {
            Figure figure = way.figure();
            ways.put(
                    way.name(),
                    Map.of("value", figure.value(), "low", figure.low(), "high", figure.high()));
        }
        json.put("ways", ways);
        return json;
    }
}
