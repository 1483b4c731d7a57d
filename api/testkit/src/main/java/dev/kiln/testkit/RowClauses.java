package dev.kiln.testkit;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Embeddings and layer norm. */
interface RowClauses extends Clauses {
    String MATRICES = "dev.kiln.testkit.Sizes#matrices";

    @ParameterizedTest
    @MethodSource(MATRICES)
    default void gatherTakesTheRowsOfIds(int rows, int columns) {
        bench().check(
                        "gather and embedding: out = the rows ids of the table",
                        kit -> {
                            for (int count : new int[] {1, 13, 300}) {
                                Weight table = kit.weight("table", rows, columns);
                                Tensor ids = kit.randomIds("ids", rows, count);
                                Tensor out = kit.fresh(count, columns);
                                kit.backend().gather(out, table.value(), ids);
                                kit.show("gather", out, 1, 0);
                                Tensor embedded = kit.fresh(count, columns);
                                kit.backend().embedding(embedded, table, ids);
                                kit.show("embedding", embedded, 1, 0);
                            }
                        });
    }

    @ParameterizedTest
    @MethodSource(MATRICES)
    default void scatterAddAddsEveryRowOfRepeatedIds(int rows, int columns) {
        bench().check(
                        "scatterAdd adds, also where an id comes more than once",
                        kit -> {
                            for (int count : new int[] {1, 13, 300}) {
                                Tensor sum = kit.normal("sum", rows, columns);
                                Tensor x = kit.normal("x", count, columns);
                                kit.backend().scatterAdd(sum, x, kit.randomIds("ids", rows, count));
                                kit.show("scatterAdd", sum, count, Math.sqrt(count));
                            }
                        });
    }

    @ParameterizedTest
    @MethodSource(MATRICES)
    default void layerNormAndItsGradientAreTheirFormula(int rows, int columns) {
        bench().check(
                        "layerNorm and layerNormBackward; weights' gradients are added to",
                        kit -> {
                            Backend backend = kit.backend();
                            Weight gain = kit.weight("gain", columns);
                            Weight bias = kit.weight("bias", columns);
                            Tensor x = kit.normal("x", rows, columns);
                            Tensor out = kit.fresh(rows, columns);
                            Tensor statistics = kit.fresh(2, rows);
                            double epsilon = 1e-2; // large enough that a row of one column is
                            // well-conditioned
                            backend.layerNorm(out, statistics, x, gain, bias, epsilon);
                            kit.show("out", out, columns, 4);
                            kit.show("statistics", statistics, columns, 4);
                            Tensor above = kit.normal("dOut", rows, columns);
                            Tensor below = kit.fresh(rows, columns);
                            backend.layerNormBackward(below, above, x, statistics, gain, bias);
                            kit.show("dX", below, columns, 30);
                            kit.show("gain's gradient", gain.gradient(), rows, 4 * Math.sqrt(rows));
                            kit.show("bias's gradient", bias.gradient(), rows, Math.sqrt(rows));
                            backend.layerNormBackward(above, above, x, statistics, gain, bias);
                            kit.show("dX where it is dOut", above, columns, 30);
                        });
    }

    @Test
    default void layerNormOfFrozenWeightsHasNoGradientForThem() {
        bench().check(
                        "layerNormBackward leaves weights that aren't trainable alone",
                        kit -> {
                            Weight gain = kit.frozen("gain", 33);
                            Weight bias = kit.frozen("bias", 33);
                            Tensor x = kit.normal("x", 5, 33);
                            Tensor out = kit.fresh(5, 33);
                            Tensor statistics = kit.fresh(2, 5);
                            kit.backend().layerNorm(out, statistics, x, gain, bias, 1e-5);
                            Tensor above = kit.normal("dOut", 5, 33);
                            kit.backend()
                                    .layerNormBackward(above, above, x, statistics, gain, bias);
                            kit.show("dX", above, 33, 30);
                            kit.show("gain", gain.value(), 1, 0);
                        });
    }

    @Test
    default void layerNormOfAConstantRowIsTheBias() {
        bench().check(
                        "layerNorm of a constant row is the bias, its gradient finite",
                        kit -> {
                            for (int columns : new int[] {1, 3, 64, 257}) {
                                Weight gain = kit.weight("gain", columns);
                                Weight bias = kit.weight("bias", columns);
                                Tensor x = kit.filled(3, 5, columns);
                                Tensor out = kit.fresh(5, columns);
                                Tensor statistics = kit.fresh(2, 5);
                                kit.backend().layerNorm(out, statistics, x, gain, bias, 1e-5);
                                // A mean one float off is magnified by 1/√epsilon.
                                kit.show("out", out, columns, 1000);
                                Tensor above = kit.normal("dOut", 5, columns);
                                kit.backend()
                                        .layerNormBackward(above, above, x, statistics, gain, bias);
                                kit.show("dX", above, columns, 1000);
                            }
                        });
    }

    @Test
    default void layerNormOfRowsFarFromZeroKeepsItsAccuracy() {
        bench().check(
                        "layerNorm's variance is that of (x - mean), not E[x²] - mean²",
                        kit -> {
                            Tensor x = kit.normal("x", 9, 257);
                            kit.backend().add(x, x, kit.filled(1000, 9, 257));
                            Tensor out = kit.fresh(9, 257);
                            Tensor statistics = kit.fresh(2, 9);
                            kit.backend()
                                    .layerNorm(
                                            out,
                                            statistics,
                                            x,
                                            kit.weight("gain", 257),
                                            kit.weight("bias", 257),
                                            1e-5);
                            // The sum itself was rounded by each backend, to 1000 units of the last
                            // place.
                            kit.show("out", out, 257, 1000);
                        });
    }
}
