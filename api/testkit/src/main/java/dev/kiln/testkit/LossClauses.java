package dev.kiln.testkit;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cross-entropy, from logits and fused with the output projection. */
interface LossClauses extends Clauses {

    @ParameterizedTest
    @MethodSource("dev.kiln.testkit.Sizes#matrices")
    default void crossEntropyAndItsGradientAreTheirFormula(int rows, int classes) {
        bench().check(
                        "crossEntropy: losses and dLogits, which may be logits",
                        kit -> {
                            Tensor logits = kit.normal("logits", rows, classes);
                            kit.backend().scale(logits, logits, 3);
                            Tensor targets = kit.randomIds("targets", classes, rows);
                            Tensor weights = weights(kit, rows);
                            Tensor losses = kit.fresh(rows);
                            Tensor below = kit.fresh(rows, classes);
                            kit.backend().crossEntropy(losses, below, logits, targets, weights);
                            kit.show("losses", losses, classes, 16);
                            kit.show("dLogits", below, classes, 4);
                            kit.backend().crossEntropy(losses, logits, logits, targets, weights);
                            kit.show("dLogits where it is logits", logits, classes, 4);
                        });
    }

    /** Every third weight is 0, every fourth negative, as those of a preference or policy loss are. */
    private static Tensor weights(Kit kit, int rows) {
        float[] weights = new float[rows];
        for (int n = 0; n < rows; n++) {
            weights[n] = n % 3 == 1 ? 0 : (n % 4 == 3 ? -1 : 1) * (0.5f + n % 5);
        }
        return kit.floats(weights, rows);
    }

    @ParameterizedTest
    @MethodSource("dev.kiln.testkit.Sizes#projections")
    default void projectedCrossEntropyIsProjectionThenLoss(int rows, int width, int classes) {
        bench().check(
                        "projectedCrossEntropy, and backward, whose table gradient adds",
                        kit -> {
                            Backend backend = kit.backend();
                            Tensor hidden = kit.normal("hidden", rows, width);
                            Weight table = kit.weight("table", classes, width);
                            Tensor targets = kit.randomIds("targets", classes, rows);
                            Tensor weights = weights(kit, rows);
                            Tensor losses = kit.fresh(rows);
                            backend.projectedCrossEntropy(losses, hidden, table, targets, weights);
                            kit.show("losses", losses, classes, 4 * Math.sqrt(width));
                            Tensor again = kit.fresh(rows);
                            Tensor below = kit.fresh(rows, width);
                            backend.projectedCrossEntropyBackward(
                                    again, below, hidden, table, targets, weights);
                            kit.show("losses of backward", again, classes, 4 * Math.sqrt(width));
                            kit.show("dHidden", below, classes, 16);
                            kit.show("table's gradient", table.gradient(), rows, 16);
                        });
    }

    @Test
    default void projectedCrossEntropyOfAFrozenTableHasOnlyTheHiddenGradient() {
        bench().check(
                        "projectedCrossEntropyBackward with a table that isn't trainable",
                        kit -> {
                            Weight table = kit.frozen("table", 257, 16);
                            Tensor below = kit.fresh(9, 16);
                            Tensor losses = kit.fresh(9);
                            Tensor targets = kit.randomIds("targets", 257, 9);
                            Tensor hidden = kit.normal("hidden", 9, 16);
                            kit.backend()
                                    .projectedCrossEntropyBackward(
                                            losses,
                                            below,
                                            hidden,
                                            table,
                                            targets,
                                            kit.filled(1, 9));
                            kit.show("dHidden", below, 257, 16);
                        });
    }

    @Test
    default void lossesOfLargeLogitsNeitherOverflowNorAreNaN() {
        bench().check(
                        "losses of logits around ±10000 stay finite",
                        kit -> {
                            Backend backend = kit.backend();
                            Tensor logits = kit.normal("logits", 7, 257);
                            backend.scale(logits, logits, 1e4);
                            Tensor targets = kit.randomIds("targets", 257, 7);
                            Tensor losses = kit.fresh(7);
                            backend.crossEntropy(losses, logits, logits, targets, kit.filled(1, 7));
                            kit.show("losses", losses, 257, 1e4);
                            kit.show("dLogits", logits, 257, 4);
                            Tensor hidden = kit.normal("hidden", 7, 16);
                            backend.scale(hidden, hidden, 1e3);
                            Tensor below = kit.fresh(7, 16);
                            Weight table = kit.weight("table", 257, 16);
                            backend.projectedCrossEntropyBackward(
                                    losses, below, hidden, table, targets, kit.filled(1, 7));
                            kit.show("projected losses", losses, 257, 1e4);
                            kit.show("dHidden", below, 257, 1e3);
                        });
    }

    @Test
    default void aWeightOfZeroMasksARow() {
        bench().check(
                        "a row of weight 0 has no loss and no gradient",
                        kit -> {
                            Backend backend = kit.backend();
                            Tensor weights = kit.floats(new float[] {0, 1, 0}, 3);
                            Tensor targets = kit.ids(new int[] {4, 0, 1}, 3);
                            Tensor losses = kit.fresh(3);
                            Tensor below = kit.fresh(3, 5);
                            backend.crossEntropy(
                                    losses, below, kit.normal("logits", 3, 5), targets, weights);
                            double[] first = kit.values(losses);
                            kit.show(
                                    "masked losses",
                                    losses.shape(),
                                    new double[] {first[0], first[2]},
                                    1,
                                    0);
                            Weight table = kit.weight("table", 5, 4);
                            Tensor dHidden = kit.fresh(3, 4);
                            backend.projectedCrossEntropyBackward(
                                    losses,
                                    dHidden,
                                    kit.normal("hidden", 3, 4),
                                    table,
                                    targets,
                                    weights);
                            kit.show("losses", losses, 5, 4);
                            kit.show("dHidden", dHidden, 5, 4);
                            kit.show("table's gradient", table.gradient(), 5, 4);
                        });
    }
}
