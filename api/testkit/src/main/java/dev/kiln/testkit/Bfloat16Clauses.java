package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mixed precision: kernels of bfloat16 activations accumulate in float32 or better and round once.
 * So a bfloat16 result is the oracle's, or beside a tie its neighbour; a float32 one is as exact as
 * from float32 operands.
 */
interface Bfloat16Clauses extends Clauses {
    String MATRICES = "dev.kiln.testkit.Sizes#fewMatrices";
    String PRODUCTS = "dev.kiln.testkit.Sizes#fewProducts";

    @Test
    default void bfloat16IsMovedAsItsTwoBytes() {
        bench().assumeBfloat16();
        Backend backend = bench().backend();
        try (Scope scope = backend.scope()) {
            short[] stored = {0, (short) 0x8000, 0x3f80, (short) 0xc049, 0x7f7f, 0x0001, 0x7f80};
            Tensor tensor = scope.allocate(DType.BFLOAT16, Shape.of(stored.length));
            backend.upload(tensor, MemorySegment.ofArray(stored));
            short[] back = new short[stored.length];
            backend.download(MemorySegment.ofArray(back), tensor);
            assertArrayEquals(stored, back, "broken clause: bfloat16: download = upload");
            float[] widened = {0, -0f, 1, -3.140625f, 0x1.fep127f, 0x1p-133f, 1 / 0f};
            assertArrayEquals(
                    widened, backend.floats(tensor), "broken clause: bfloat16: floats widens");
        }
    }

    @ParameterizedTest
    @MethodSource(MATRICES)
    default void bfloat16ArithmeticIsElementByElement(int rows, int columns) {
        bench().checkBfloat16(
                        "fill, copy, add, multiply, scale, addScaled, dropout",
                        kit -> {
                            Backend backend = kit.backend();
                            Tensor a = kit.bfloat16("a", rows, columns);
                            Tensor b = kit.bfloat16("b", rows, columns);
                            Tensor out = kit.freshBfloat16(rows, columns);
                            backend.fill(out, 0.3);
                            kit.show("fill", out, 1, 0);
                            backend.copy(out, a);
                            kit.show("copy", out, 1, 0);
                            backend.addScaled(out, b, 0.7);
                            kit.show("addScaled", out);
                            backend.add(out, a, b);
                            kit.show("add", out);
                            backend.multiply(out, a, b);
                            kit.show("multiply", out, 1, 0);
                            backend.scale(out, a, -0.3);
                            kit.show("scale", out, 1, 0);
                            backend.dropout(out, a, new Dropout(0.3, 77));
                            kit.show("dropout", out, 1, 0);
                            backend.add(a, a, b);
                            kit.show("add(a, a, b)", a);
                        });
    }

    @ParameterizedTest
    @EnumSource
    default void bfloat16ActivationIsItsFormula(ActivationFunction function) {
        bench().checkBfloat16(
                        "activation and its gradient, " + function,
                        kit -> {
                            Tensor x = kit.bfloat16("x", 1031);
                            Tensor out = kit.freshBfloat16(1031);
                            kit.backend().activation(out, x, function);
                            kit.show("activation", out);
                            Tensor above = kit.bfloat16("dOut", 1031);
                            kit.backend().activationBackward(above, above, x, function);
                            kit.show("activationBackward with dX = dOut", above);
                            kit.backend().activation(x, x, function);
                            kit.show("activation(x, x)", x);
                        });
    }

    @ParameterizedTest
    @MethodSource(PRODUCTS)
    default void bfloat16ProductsAccumulateInFloat32(int m, int k, int n) {
        bench().checkBfloat16(
                        "matmul, of any types, with a FLOAT32 factor beside another read rounded",
                        kit -> {
                            double size = Math.sqrt(k);
                            Tensor a = kit.bfloat16("a", m, k);
                            Tensor b = kit.bfloat16("b", n, k);
                            Tensor wide = kit.normal("wide", k, n);
                            Tensor out = kit.bfloat16("out", m, n);
                            kit.backend().matmul(out, a, false, b, true, -1.25, 0.75);
                            kit.show("matmul a bᵀ, onto out", out, k, 2 * size);
                            kit.backend().matmul(out, a, false, wide, false, 1, 0);
                            kit.show("matmul a wide", out, k, size);
                            Tensor exact = kit.fresh(m, n);
                            kit.backend().matmul(exact, a, false, wide, false, 1, 0);
                            kit.show("matmul a wide, to FLOAT32", exact, k, size);
                            Tensor back = kit.fresh(k, n);
                            kit.backend().matmul(back, a, true, out, false, 1, 0);
                            kit.show("matmul aᵀ out, to FLOAT32", back, m, m * size, m * size);
                        });
    }

    @ParameterizedTest
    @MethodSource(PRODUCTS)
    default void bfloat16LinearRoundsItsWeightNotItsGradient(int rows, int in, int out) {
        bench().checkBfloat16(
                        "linear and its gradients: rounded weight, exact bias, FLOAT32 gradient",
                        kit -> {
                            Backend backend = kit.backend();
                            Tensor x = kit.bfloat16("x", rows, in);
                            Weight weight = kit.weight("weight", in, out);
                            Weight bias = kit.weight("bias", out);
                            Tensor y = kit.freshBfloat16(rows, out);
                            backend.linear(y, x, weight);
                            kit.show("linear", y, in, Math.sqrt(in));
                            backend.linear(y, x, weight, bias);
                            // Rounded once or, composed of two kernels, twice.
                            kit.show("linear with bias", y, in, Math.sqrt(in), Math.sqrt(in));
                            Tensor above = kit.bfloat16("dOut", rows, out);
                            Tensor below = kit.freshBfloat16(rows, in);
                            backend.linearBackwardInput(below, above, weight);
                            kit.show("linearBackwardInput", below, out, Math.sqrt(out));
                            backend.linearBackwardWeight(weight, x, above);
                            Tensor gradient = weight.gradient();
                            kit.show("linearBackwardWeight", gradient, rows, Math.sqrt(rows));
                            Tensor logits = kit.fresh(rows, out);
                            backend.logits(logits, x, kit.frozen("table", out, in));
                            kit.show("logits", logits, in, Math.sqrt(in));
                        });
    }

    @ParameterizedTest
    @MethodSource("dev.kiln.testkit.Sizes#fusedProducts")
    default void bfloat16LinearActivationLeavesWhatBackwardNeeds(int rows, int in, int columns) {
        bench().checkBfloat16(
                        "linearActivation: before = x weight + bias, out = activation(before)",
                        kit -> {
                            double size = Math.sqrt(in);
                            Tensor x = kit.bfloat16("x", rows, in);
                            Weight weight = kit.weight("weight", in, columns);
                            Weight bias = kit.weight("bias", columns);
                            for (ActivationFunction function : ActivationFunction.values()) {
                                Tensor before = kit.freshBfloat16(rows, columns);
                                Tensor out = kit.freshBfloat16(rows, columns);
                                kit.backend()
                                        .linearActivation(out, before, x, weight, bias, function);
                                kit.show("before", before, in, size, 4 * size);
                                kit.show("out, " + function, out, in, size, 4 * size);
                            }
                        });
    }

    @ParameterizedTest
    @MethodSource(MATRICES)
    default void bfloat16BiasesAndRowSumsAreFloat32(int rows, int columns) {
        bench().checkBfloat16(
                        "addBias of an exact bias, addRowSum to a FLOAT32 sum",
                        kit -> {
                            Tensor x = kit.bfloat16("x", rows, columns);
                            Tensor sum = kit.normal("sum", columns);
                            kit.backend().addRowSum(sum, x);
                            kit.show("addRowSum", sum, rows, Math.sqrt(rows));
                            kit.backend().addBias(x, kit.normal("bias", columns));
                            kit.show("addBias", x);
                        });
    }

    @ParameterizedTest
    @MethodSource(MATRICES)
    default void bfloat16RowsAreGatheredAndAddedUp(int rows, int columns) {
        bench().checkBfloat16(
                        "gather from either type, scatterAdd to a FLOAT32 sum",
                        kit -> {
                            Tensor ids = kit.randomIds("ids", rows, 13);
                            Tensor out = kit.freshBfloat16(13, columns);
                            kit.backend().gather(out, kit.bfloat16("x", rows, columns), ids);
                            kit.show("gather", out, 1, 0);
                            Weight table = kit.frozen("table", rows, columns);
                            kit.backend().embedding(out, table, ids);
                            kit.show("embedding", out, 1, 0);
                            Tensor sum = kit.normal("sum", rows, columns);
                            kit.backend().scatterAdd(sum, kit.bfloat16("dOut", 13, columns), ids);
                            kit.show("scatterAdd", sum, 13, 4);
                        });
    }

    @ParameterizedTest
    @MethodSource(MATRICES)
    default void bfloat16LayerNormKeepsFloat32Statistics(int rows, int columns) {
        bench().checkBfloat16(
                        "layerNorm and layerNormBackward: FLOAT32 statistics, gain and gradients",
                        kit -> {
                            Backend backend = kit.backend();
                            Weight gain = kit.weight("gain", columns);
                            Weight bias = kit.weight("bias", columns);
                            Tensor x = kit.bfloat16("x", rows, columns);
                            Tensor out = kit.freshBfloat16(rows, columns);
                            Tensor statistics = kit.fresh(2, rows);
                            backend.layerNorm(out, statistics, x, gain, bias, 1e-2);
                            kit.show("out", out, columns, 4);
                            kit.show("statistics", statistics, columns, 4);
                            Tensor above = kit.bfloat16("dOut", rows, columns);
                            backend.layerNormBackward(above, above, x, statistics, gain, bias);
                            kit.show("dX where it is dOut", above, columns, 30);
                            kit.show("gain's gradient", gain.gradient(), rows, 4 * Math.sqrt(rows));
                            kit.show("bias's gradient", bias.gradient(), rows, Math.sqrt(rows));
                        });
    }

    @Test
    default void bfloat16NormsAreThoseOfAnyType() {
        bench().checkBfloat16(
                        "squaredNorm of tensors of both types",
                        kit -> {
                            List<Tensor> both =
                                    List.of(kit.bfloat16("a", 257, 3), kit.normal("b", 5));
                            double norm = kit.backend().squaredNorm(both);
                            kit.show("squaredNorm", Shape.of(1), new double[] {norm}, 776, 1);
                        });
        try (Scope scope = bench().backend().scope()) {
            Kit kit = new Kit(bench().backend(), scope);
            float[] values = Kit.normals("x", 17);
            assertTrue(bench().backend().isFinite(kit.bfloat16(values, 17)));
            values[16] = Float.NEGATIVE_INFINITY;
            assertFalse(
                    bench().backend().isFinite(kit.bfloat16(values, 17)),
                    "broken clause: bfloat16: isFinite finds an infinity");
        }
    }
}
