package dev.kiln.testkit;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Products, biases and the linear kernels of weights. */
interface ProductClauses extends Clauses {
    String PRODUCTS = "dev.kiln.testkit.Sizes#products";

    @ParameterizedTest
    @MethodSource(PRODUCTS)
    default void matmulTransposesAsAsked(int m, int k, int n) {
        bench().check(
                        "matmul: out = op(a) op(b), with every transposition",
                        kit -> {
                            for (boolean transposeA : new boolean[] {false, true}) {
                                for (boolean transposeB : new boolean[] {false, true}) {
                                    Tensor a =
                                            transposeA
                                                    ? kit.normal("a", k, m)
                                                    : kit.normal("a", m, k);
                                    Tensor b =
                                            transposeB
                                                    ? kit.normal("b", n, k)
                                                    : kit.normal("b", k, n);
                                    Tensor out = kit.fresh(m, n);
                                    kit.backend().matmul(out, a, transposeA, b, transposeB, 1, 0);
                                    String name =
                                            "matmul a" + mark(transposeA) + " b" + mark(transposeB);
                                    kit.show(name, out, k, Math.sqrt(k));
                                }
                            }
                        });
    }

    @ParameterizedTest
    @MethodSource(PRODUCTS)
    default void matmulScalesAndAccumulates(int m, int k, int n) {
        bench().check(
                        "matmul: out = alpha op(a) op(b) + beta out",
                        kit -> {
                            for (boolean transposeA : new boolean[] {false, true}) {
                                for (boolean transposeB : new boolean[] {false, true}) {
                                    Tensor a =
                                            transposeA
                                                    ? kit.normal("a", k, m)
                                                    : kit.normal("a", m, k);
                                    Tensor b =
                                            transposeB
                                                    ? kit.normal("b", n, k)
                                                    : kit.normal("b", k, n);
                                    Tensor out = kit.normal("out", m, n);
                                    kit.backend().matmul(out, a, transposeA, b, transposeB, 0.5, 1);
                                    kit.backend()
                                            .matmul(out, a, transposeA, b, transposeB, -1.25, 0.75);
                                    String name =
                                            "matmul a" + mark(transposeA) + " b" + mark(transposeB);
                                    kit.show(name, out, k, 2 * Math.sqrt(k));
                                }
                            }
                        });
    }

    private static String mark(boolean transposed) {
        return transposed ? "ᵀ" : "";
    }

    @Test
    default void matmulReadsTensorsAsRowsTimesColumns() {
        bench().check(
                        "kernels read a tensor as rows x columns",
                        kit -> {
                            Tensor a = kit.normal("a", 3, 5, 7);
                            Tensor out = kit.fresh(3, 5, 11);
                            kit.backend()
                                    .matmul(out, a, false, kit.normal("b", 7, 11), false, 1, 0);
                            kit.show("matmul of [3, 5, 7]", out, 7, 3);
                            Tensor product = kit.fresh(7, 7);
                            kit.backend()
                                    .matmul(
                                            product,
                                            a,
                                            true,
                                            kit.normal("c", 3, 5, 7),
                                            false,
                                            1,
                                            0);
                            kit.show("matmul of [3, 5, 7] transposed", product, 15, 4);
                        });
    }

    @ParameterizedTest
    @MethodSource("dev.kiln.testkit.Sizes#matrices")
    default void biasesAndRowSumsAreAdded(int rows, int columns) {
        bench().check(
                        "addBias and addRowSum add to what is there",
                        kit -> {
                            Tensor x = kit.normal("x", rows, columns);
                            kit.backend().addBias(x, kit.normal("bias", columns));
                            kit.show("addBias", x);
                            Tensor sum = kit.normal("sum", columns);
                            kit.backend().addRowSum(sum, x);
                            kit.show("addRowSum", sum, rows, Math.sqrt(rows));
                        });
    }

    @ParameterizedTest
    @MethodSource(PRODUCTS)
    default void linearIsAProductWithAWeight(int rows, int in, int out) {
        bench().check(
                        "linear and its gradients are products with the weight",
                        kit -> {
                            Backend backend = kit.backend();
                            Tensor x = kit.normal("x", rows, in);
                            Weight weight = kit.weight("weight", in, out);
                            Weight bias = kit.weight("bias", out);
                            Tensor y = kit.fresh(rows, out);
                            backend.linear(y, x, weight);
                            kit.show("linear", y, in, Math.sqrt(in));
                            backend.linear(y, x, weight, bias);
                            kit.show("linear with bias", y, in, Math.sqrt(in));
                            Tensor above = kit.normal("dOut", rows, out);
                            Tensor below = kit.fresh(rows, in);
                            backend.linearBackwardInput(below, above, weight);
                            kit.show("linearBackwardInput", below, out, Math.sqrt(out));
                            backend.linearBackwardWeight(weight, x, above);
                            kit.show(
                                    "linearBackwardWeight",
                                    weight.gradient(),
                                    rows,
                                    Math.sqrt(rows));
                            Tensor logits = kit.fresh(rows, out);
                            backend.logits(logits, x, kit.frozen("table", out, in));
                            kit.show("logits", logits, in, Math.sqrt(in));
                        });
    }

    @ParameterizedTest
    @MethodSource("dev.kiln.testkit.Sizes#fusedProducts")
    default void linearActivationLeavesWhatBackwardNeeds(int rows, int in, int columns) {
        bench().check(
                        "linearActivation: before = x weight + bias, out = activation(before)",
                        kit -> {
                            double size = Math.sqrt(in);
                            Tensor x = kit.normal("x", rows, in);
                            Weight weight = kit.weight("weight", in, columns);
                            Weight bias = kit.weight("bias", columns);
                            for (ActivationFunction function : ActivationFunction.values()) {
                                Tensor before = kit.fresh(rows, columns);
                                Tensor out = kit.fresh(rows, columns);
                                kit.backend()
                                        .linearActivation(out, before, x, weight, bias, function);
                                kit.show("before", before, in, size);
                                kit.show("out, " + function, out, in, size);
                            }
                        });
    }

    @Test
    default void linearSeesAWeightThatChanged() {
        bench().check(
                        "a weight's other form follows adamW, and upload with refresh",
                        kit -> {
                            Backend backend = kit.backend();
                            Weight weight = kit.weight("weight", 17, 31);
                            Tensor x = kit.normal("x", 3, 17);
                            Tensor y = kit.fresh(3, 31);
                            backend.linear(y, x, weight);
                            Tensor first = kit.filled(0, 17, 31);
                            Tensor second = kit.filled(0, 17, 31);
                            AdamWStep step = new AdamWStep(1, 0.5, 0.9, 0.95, 1e-8, 0.1, 1);
                            backend.adamW(List.of(weight), List.of(first), List.of(second), step);
                            backend.linear(y, x, weight);
                            kit.show("linear after adamW", y, 17, 5);
                            backend.upload(weight.value(), Kit.normals("other", 17 * 31));
                            backend.refresh(weight);
                            backend.linear(y, x, weight);
                            kit.show("linear after upload and refresh", y, 17, 5);
                        });
    }
}
