package dev.kiln.platform.comparison;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What answers a task of labels or choices without a language model, from the training examples that
 * a head learns from.
 *
 * @param train all with an answer
 * @param validation to choose by, all with an answer
 */
record Baselines(EvalTask task, List<Example> train, List<Example> validation) {
    private static final double[] SMOOTHINGS = {1, 0.3, 0.1, 0.03, 0.01};

    /** @param most training examples, the first ones */
    static Baselines of(EvalTask task, int most) {
        return new Baselines(
                task,
                task.examples(TaskPart.TRAIN).stream().limit(most).toList(),
                task.examples(TaskPart.VALIDATION));
    }

    /** The right label or the place of the right choice. */
    static int right(Example example) {
        if (example.answer() instanceof Answer.Choice(int index)) {
            return index;
        }
        throw new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s: expected a label or a choice as its answer, got %s",
                        example.id(),
                        example.answer()));
    }

    /** The most frequent answer, of equals the first, to every question. */
    int[] majority(List<Example> questions) {
        int[] answers = train.stream().mapToInt(Baselines::right).toArray();
        int[] counts = new int[Arrays.stream(answers).max().orElse(0) + 1];
        Arrays.stream(answers).forEach(answer -> counts[answer]++);
        int[] all = new int[questions.size()];
        Arrays.fill(all, highest(Arrays.stream(counts).asDoubleStream().toArray()));
        return all;
    }

    /**
     * The likeliest answer by naive Bayes over n-grams (Wang and Manning, 2012), smoothed as is best
     * on the validation part. Choices are judged one by one, right or wrong.
     */
    int[] ngrams(List<Example> questions) {
        boolean choices = task.kind() == TaskKind.MULTIPLE_CHOICE;
        NaiveBayes bayes = new NaiveBayes(choices ? 2 : task.labels().size());
        train.forEach(example -> learn(bayes, example));
        double smoothing =
                Arrays.stream(SMOOTHINGS)
                        .boxed()
                        .max(Comparator.comparingLong(value -> hits(bayes, value)))
                        .orElseThrow();
        return answers(bayes, questions, smoothing);
    }

    private void learn(NaiveBayes bayes, Example example) {
        List<List<String>> asked = asked(example);
        for (int i = 0; i < asked.size(); i++) {
            bayes.learn(
                    asked.get(i), asked.size() == 1 ? right(example) : i == right(example) ? 1 : 0);
        }
    }

    /** The features of the example, or of its texts with each choice. */
    private List<List<String>> asked(Example example) {
        if (task.kind() != TaskKind.MULTIPLE_CHOICE) {
            return List.of(Ngrams.features(example.texts()));
        }
        return example.choices().stream()
                .map(choice -> Stream.concat(example.texts().stream(), Stream.of(choice)).toList())
                .map(Ngrams::features)
                .toList();
    }

    private long hits(NaiveBayes bayes, double smoothing) {
        int[] answers = answers(bayes, validation, smoothing);
        return IntStream.range(0, answers.length)
                .filter(n -> answers[n] == right(validation.get(n)))
                .count();
    }

    private int[] answers(NaiveBayes bayes, List<Example> questions, double smoothing) {
        return questions.parallelStream()
                .map(this::asked)
                .map(asked -> asked.stream().map(one -> bayes.scores(one, smoothing)).toList())
                .mapToInt(Baselines::answer)
                .toArray();
    }

    private static int answer(List<double[]> scores) {
        if (scores.size() == 1) {
            return highest(scores.getFirst());
        }
        return highest(scores.stream().mapToDouble(score -> score[1] - score[0]).toArray());
    }

    private static int highest(double[] values) {
        return IntStream.range(0, values.length)
                .reduce((best, i) -> values[i] > values[best] ? i : best)
                .orElseThrow();
    }
}
