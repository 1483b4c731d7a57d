package dev.kiln.platform.tasks;

import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.models.InvalidScore;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.Ops;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * What a head says of examples: unnormalized scores, one row an example.
 *
 * @param values [examples][classes]
 */
public record HeadScores(List<HeadExample> examples, float[][] values) {

    /**
     * Asks a model whose head is one of a task's.
     *
     * @throws InvalidScore when a score is no number
     */
    public static HeadScores of(LanguageModel model, List<HeadExample> examples, int batch) {
        return of(model, examples, batch, UnaryOperator.identity());
    }

    /**
     * As {@link #of(LanguageModel, List, int)}. Examples of like length go together.
     *
     * @param around what the model's operations are wrapped in
     */
    public static HeadScores of(
            LanguageModel model, List<HeadExample> examples, int batch, UnaryOperator<Ops> around) {
        int[] order =
                IntStream.range(0, examples.size())
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> examples.get(i).longest()))
                        .mapToInt(Integer::intValue)
                        .toArray();
        float[][] values = new float[order.length][];
        for (int from = 0; from < order.length; from += batch) {
            int[] some = Arrays.copyOfRange(order, from, Math.min(from + batch, order.length));
            float[][] scores =
                    scores(model, IntStream.of(some).mapToObj(examples::get).toList(), around);
            for (int i = 0; i < some.length; i++) {
                InvalidScore.requireClasses(scores[i], examples.get(some[i]).id());
                values[some[i]] = scores[i];
            }
        }
        return new HeadScores(examples, values);
    }

    private static float[][] scores(
            LanguageModel model, List<HeadExample> examples, UnaryOperator<Ops> around) {
        try (Scope scope = model.backend().scope()) {
            HeadBatch batch =
                    HeadBatch.upload(
                            model.backend(), scope, examples, HeadBatch.Counts.means(examples, 0));
            Ops ops =
                    around.apply(
                            new DirectOps(
                                    model.backend(), scope, model.precision(), model.layouts()));
            Tensor hidden = model.model().hidden(ops, batch.ids(), batch.positions());
            Tensor scores = model.head().scores(ops, hidden, batch.labels().rows());
            float[] flat = model.backend().floats(scores);
            int classes = scores.shape().columns();
            return IntStream.range(0, examples.size())
                    .mapToObj(n -> Arrays.copyOfRange(flat, n * classes, (n + 1) * classes))
                    .toArray(float[][]::new);
        }
    }

    /** The class of the highest score of each example; of equals the first. */
    public int[] predictions() {
        return Arrays.stream(values).mapToInt(HeadScores::highest).toArray();
    }

    private static int highest(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    /** Mean negative log-likelihood of the right classes, in nats; all answers must be known. */
    public double loss() {
        double sum = 0;
        for (int n = 0; n < values.length; n++) {
            sum += loss(values[n], examples.get(n).target());
        }
        return sum / values.length;
    }

    private static double loss(float[] scores, int target) {
        double most = scores[highest(scores)];
        double sum = 0;
        for (float score : scores) {
            sum += Math.exp(score - most);
        }
        return Math.log(sum) + most - scores[target];
    }

    /** What was right and what was predicted; all answers must be known. */
    public Confusion confusion() {
        int[] right = examples.stream().mapToInt(HeadExample::target).toArray();
        return Confusion.of(values[0].length, right, predictions());
    }
}
