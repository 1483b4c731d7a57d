package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.TaskHead;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What every task head keeps, on the oracle: in double precision, with a small model of width 6.
 * Subclass it in a plugin's tests. A failure names the broken clause.
 */
@Experimental
public abstract class TaskHeadContract implements FactoryClauses {
    private static final int EXAMPLES = 4;
    private static final int STATES = 2 * 5; // B T of the hidden states

    /** The head to try. */
    protected abstract TaskHead head();

    /** How many hidden states one example reads: 2 for both orders of a pair, say. */
    protected int statesPerExample() {
        return 1;
    }

    /** Whether losses are the cross-entropy of the scores. */
    protected boolean crossEntropy() {
        return true;
    }

    @Test
    void weightsAreCreatedUnderTheirOwnNames() {
        try (Workbench bench = new Workbench()) {
            ReferenceWeights weights = bench.weights();
            TinyModel model = new TinyModel(weights.in("model"));
            head().attach(weights.in("head"), model);
            head().attach(weights.in("another"), model);
            for (Weight weight : weights.created()) {
                assertTrue(
                        bench.backend().isFinite(weight.value()),
                        "broken clause: weights are filled; " + weight.name());
            }
        }
    }

    @Test
    void scoresAreExamplesTimesClasses() {
        try (Workbench bench = new Workbench()) {
            Shape shape = new Attached(bench).scores(rows(bench)).shape();
            assertEquals(2, shape.rank(), "broken clause: scores are [examples, classes]");
            assertEquals(EXAMPLES, shape.rows(), "broken clause: a row of scores an example");
        }
    }

    @Test
    void lossesAreOneAnExample() {
        try (Workbench bench = new Workbench()) {
            Tensor losses = new Attached(bench).losses(1, 1, 1, 1);
            assertEquals(Shape.of(EXAMPLES), losses.shape(), "broken clause: losses [examples]");
            assertTrue(bench.backend().isFinite(losses), "broken clause: losses are finite");
        }
    }

    @Test
    void aWeightOfZeroMasksAnExample() {
        try (Workbench bench = new Workbench()) {
            double[] losses = bench.values(new Attached(bench).losses(1, 0, 1, 0));
            assertTrue(losses[1] == 0, "broken clause: weight 0 masks");
            assertTrue(losses[3] == 0, "broken clause: weight 0 masks");
            assertTrue(losses[0] != 0, "broken clause: weight 1 counts");
        }
    }

    @Test
    void lossesAreLinearInTheirWeights() {
        try (Workbench bench = new Workbench()) {
            Attached attached = new Attached(bench);
            double[] once = bench.values(attached.losses(1, 0.5f, 1, 2));
            double[] twice = bench.values(attached.losses(2, 1, 2, 4));
            assertArrayEquals(
                    Arrays.stream(once).map(x -> 2 * x).toArray(),
                    twice,
                    1e-12,
                    "broken clause: each loss is times its weight");
        }
    }

    @Test
    void lossesAreTheCrossEntropyOfTheScores() {
        Assumptions.assumeTrue(crossEntropy(), "not a cross-entropy");
        try (Workbench bench = new Workbench()) {
            Attached attached = new Attached(bench);
            Tensor scores = attached.scores(rows(bench));
            int classes = scores.shape().columns();
            double[] values = bench.values(scores);
            double[] losses = bench.values(attached.losses(1, 1, 0.5f, 2));
            float[] weights = {1, 1, 0.5f, 2};
            for (int n = 0; n < EXAMPLES; n++) {
                double[] row = Arrays.copyOfRange(values, n * classes, (n + 1) * classes);
                double sum = Arrays.stream(row).map(Math::exp).sum();
                assertEquals(
                        weights[n] * (Math.log(sum) - row[n % classes]),
                        losses[n],
                        1e-9,
                        "broken clause: loss = weight · -log softmax(scores)[target], example "
                                + n);
            }
        }
    }

    @Test
    void rowsChooseTheStatesThatAreRead() {
        try (Workbench bench = new Workbench()) {
            Attached attached = new Attached(bench);
            Tensor scores = attached.scores(rows(bench));
            int classes = scores.shape().columns();
            double[] all = bench.values(scores);
            for (int n = 0; n < EXAMPLES; n++) {
                int first = n * statesPerExample();
                int[] own = Arrays.copyOfRange(indices(), first, first + statesPerExample());
                double[] alone =
                        bench.values(attached.scores(HeadRows.of(bench.ids(own, own.length))));
                assertArrayEquals(
                        Arrays.copyOfRange(all, n * classes, (n + 1) * classes),
                        alone,
                        1e-12,
                        "broken clause: an example reads the states of its rows, example " + n);
            }
        }
    }

    @Test
    void withoutRowsAllStatesAreRead() {
        Assumptions.assumeTrue(STATES % statesPerExample() == 0, "states don't divide");
        try (Workbench bench = new Workbench()) {
            Attached attached = new Attached(bench);
            int[] every = IntStream.range(0, STATES).toArray();
            assertArrayEquals(
                    bench.values(attached.scores(HeadRows.of(bench.ids(every, STATES)))),
                    bench.values(attached.scores(HeadRows.ALL)),
                    1e-12,
                    "broken clause: HeadRows.ALL is every state, in order");
        }
    }

    @Test
    void hiddenStatesAreLeftAsTheyAre() {
        try (Workbench bench = new Workbench()) {
            Attached attached = new Attached(bench);
            double[] before = bench.values(attached.hidden);
            attached.losses(1, 1, 1, 1);
            attached.scores(rows(bench));
            assertArrayEquals(
                    before, bench.values(attached.hidden), "broken clause: hidden is only read");
        }
    }

    @Test
    void gradientsReachTheStatesAndEveryWeight() {
        try (Workbench bench = new Workbench()) {
            Attached attached = new Attached(bench);
            HeadInput input = attached.input(1, 0.5f, 1, 2);
            GradientCheck check =
                    new GradientCheck(
                            bench, ops -> attached.head.losses(ops, attached.hidden, input));
            check.ofInput("hidden", attached.hidden);
            check.ofWeights(attached.weights.created());
        }
    }

    /** The states that the examples read, each once where there are enough. */
    private int[] indices() {
        return IntStream.range(0, EXAMPLES * statesPerExample()).map(i -> 3 * i % STATES).toArray();
    }

    private HeadRows rows(Workbench bench) {
        int[] indices = indices();
        return HeadRows.of(bench.ids(indices, indices.length));
    }

    /** The head on a model, with hidden states [2, 5, 6]. */
    private final class Attached {
        private final Workbench bench;
        private final TaskHead.Attached head;
        private final Tensor hidden;
        private final ReferenceWeights weights;

        Attached(Workbench bench) {
            this.bench = bench;
            weights = bench.weights();
            TinyModel model = new TinyModel(weights.in("model"));
            head = head().attach(weights.in("head"), model);
            hidden = bench.normal("hidden", 2, 5, model.shape().width());
        }

        Tensor scores(HeadRows rows) {
            return head.scores(bench.ops(), hidden, rows);
        }

        Tensor losses(float... counts) {
            return head.losses(bench.ops(), hidden, input(counts));
        }

        /** Example n's target is n mod classes. */
        HeadInput input(float... counts) {
            int classes = scores(rows(bench)).shape().columns();
            int[] targets = IntStream.range(0, EXAMPLES).map(n -> n % classes).toArray();
            return new HeadInput(
                    rows(bench), bench.ids(targets, EXAMPLES), bench.floats(counts, EXAMPLES));
        }
    }
}
