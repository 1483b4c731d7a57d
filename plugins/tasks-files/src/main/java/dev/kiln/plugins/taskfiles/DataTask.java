package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A task that a recipe tells whole. Immutable. */
record DataTask(DataTaskOptions options, Context context) implements EvalTask {

    @Override
    public TaskKind kind() {
        return options.kind();
    }

    @Override
    public List<String> fields() {
        return options.fields();
    }

    @Override
    public List<String> labels() {
        return options.labels();
    }

    @Override
    public Prompt prompt() {
        return options.prompt();
    }

    @Override
    public List<Metric> metrics() {
        return options.metrics().isEmpty() ? usual() : options.metrics();
    }

    private List<Metric> usual() {
        return switch (kind()) {
            case CLASSIFICATION, ENTAILMENT, MULTIPLE_CHOICE -> List.of(Metric.ACCURACY);
            case SIMILARITY ->
                    labels().isEmpty()
                            ? List.of(Metric.PEARSON, Metric.SPEARMAN)
                            : List.of(Metric.ACCURACY);
            case CLOZE -> List.of(Metric.ACCURACY, Metric.PERPLEXITY);
            case FREE_ANSWER -> List.of(Metric.EXACT_MATCH, Metric.F1);
            case TEXT -> List.of(Metric.PERPLEXITY);
        };
    }

    @Override
    public List<Example> examples(TaskPart part) {
        return options.files()
                .of(part)
                .map(context::resolve)
                .map(file -> read(file, part))
                .orElseGet(() -> inline(part));
    }

    private List<Example> read(Path file, TaskPart part) {
        List<Example> examples = new Jsonl((object, of) -> example(object)).read(file, part);
        if (examples.isEmpty()) {
            throw new InvalidInput(file + ": no examples");
        }
        return examples;
    }

    private Example example(JsonObject object) {
        List<String> texts =
                fields().stream()
                        .map(
                                field ->
                                        object.text(
                                                options.keys().fields().getOrDefault(field, field)))
                        .toList();
        List<String> choices =
                kind() == TaskKind.MULTIPLE_CHOICE
                        ? object.texts(options.keys().choices())
                        : List.of();
        String key = options.keys().answer();
        List<String> given =
                object.values().get(key) instanceof List<?>
                        ? object.texts(key)
                        : object.optionalText(key).stream().toList();
        return example(object.place().id(), texts, choices, given, object.place()::refuse);
    }

    private List<Example> inline(TaskPart part) {
        List<Example> examples = new ArrayList<>();
        String name = part.name().toLowerCase(Locale.ROOT);
        for (DataTaskOptions.Item item : options.examples().of(part)) {
            String id = name + ":" + (examples.size() + 1);
            Function<String, InvalidInput> refuse =
                    why ->
                            new InvalidInput(
                                    String.format(Locale.ROOT, "task: example %s: %s", id, why));
            List<String> texts =
                    fields().stream()
                            .map(
                                    field ->
                                            Optional.ofNullable(item.texts().get(field))
                                                    .orElseThrow(
                                                            () ->
                                                                    refuse.apply(
                                                                            "expected a text for"
                                                                                    + " field "
                                                                                    + field)))
                            .toList();
            List<String> given =
                    Stream.concat(item.answer().stream(), item.also().stream()).toList();
            examples.add(example(id, texts, item.choices(), given, refuse));
        }
        return examples;
    }

    private Example example(
            String id,
            List<String> texts,
            List<String> choices,
            List<String> given,
            Function<String, InvalidInput> refuse) {
        if (kind() == TaskKind.MULTIPLE_CHOICE && choices.size() < 2) {
            throw refuse.apply("expected two choices or more, got " + choices.size());
        }
        return new Example(id, texts, choices, answer(given, choices, refuse));
    }

    private Answer answer(
            List<String> given, List<String> choices, Function<String, InvalidInput> refuse) {
        if (given.isEmpty() || kind() == TaskKind.TEXT) {
            return new Answer.Unknown();
        }
        return switch (kind()) {
            case CLASSIFICATION, ENTAILMENT -> choice(given.getFirst(), labels(), refuse);
            case MULTIPLE_CHOICE -> choice(given.getFirst(), choices, refuse);
            case SIMILARITY ->
                    labels().isEmpty()
                            ? score(given.getFirst(), refuse)
                            : choice(given.getFirst(), labels(), refuse);
            case CLOZE, FREE_ANSWER, TEXT -> new Answer.Words(given);
        };
    }

    private static Answer choice(
            String given, List<String> among, Function<String, InvalidInput> refuse) {
        int index = among.indexOf(given);
        if (index < 0 && given.matches("\\d{1,9}")) {
            index = Integer.parseInt(given);
        }
        if (index < 0 || index >= among.size()) {
            throw refuse.apply(
                    String.format(
                            Locale.ROOT,
                            "expected an answer of %s, or its number from 0, got \"%s\"",
                            String.join(", ", among),
                            given));
        }
        return new Answer.Choice(index);
    }

    private static Answer score(String given, Function<String, InvalidInput> refuse) {
        try {
            double score = Double.parseDouble(given);
            if (Double.isFinite(score)) {
                return new Answer.Score(score);
            }
        } catch (NumberFormatException e) {
            // Refused below, as what is not finite.
        }
        throw refuse.apply(String.format(Locale.ROOT, "expected a number, got \"%s\"", given));
    }
}
