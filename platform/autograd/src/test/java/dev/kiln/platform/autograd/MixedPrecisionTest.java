package dev.kiln.platform.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Attention;
import dev.kiln.spi.model.Ops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Activations in bfloat16, weights' gradients and losses in float32. */
class MixedPrecisionTest {
    /** A rounding is off by at most 2⁻⁹; a gradient here has passed a handful of them. */
    private static final double TOLERANCE = 0x1p-6;

    private final Objective objective = new Objective();

    @AfterEach
    void close() {
        objective.close();
    }

    private Tape tape(Scope scope, Precision precision) {
        return new Tape(objective.backend, scope, precision, new Layouts(), 3);
    }

    @Test
    void activationsAreBfloat16AndLossesAndLogitsAreNot() {
        Weight table = objective.weight(6, 4);
        Weight square = objective.weight(4, 4);
        Ops ops = tape(objective.scope, Precision.BFLOAT16);
        Tensor x = objective.leaf(ops, table, 2, 3);
        assertEquals(DType.BFLOAT16, x.type());
        assertEquals(
                DType.BFLOAT16,
                ops.activation(ops.linear(x, square), ActivationFunction.GELU_TANH).type());
        assertEquals(DType.FLOAT32, ops.logits(x, table).type());
        assertEquals(DType.FLOAT32, objective.score(ops, x, table).type());
        assertEquals(DType.FLOAT32, table.gradient().type());
    }

    @Test
    void aFloat32TensorIsNotAddedToABfloat16One() {
        Weight table = objective.weight(6, 4);
        Tensor narrow = objective.leaf(tape(objective.scope, Precision.BFLOAT16), table, 6);
        Tensor wide = objective.leaf(tape(objective.scope, Precision.FLOAT32), table, 6);
        Ops ops = tape(objective.scope, Precision.BFLOAT16);
        String said =
                assertThrows(IllegalArgumentException.class, () -> ops.add(narrow, wide))
                        .getMessage();
        assertEquals("add: expected one type, got [BFLOAT16, FLOAT32]", said);
    }

    @Test
    void gradientsThroughABlockAreThoseOfFloat32ButForRounding() {
        Weight x = objective.weight(10, 6);
        Weight gain = objective.weight(6);
        Weight bias = objective.weight(6);
        Weight qkv = objective.weight(6, 18);
        Weight up = objective.weight(6, 12);
        Weight upBias = objective.weight(12);
        Weight down = objective.weight(12, 6);
        Weight table = objective.weight(5, 6);
        Attention attention =
                new Attention(0, 2, (layer, queries, keys) -> new Causal(queries, keys), 0.6, 0.2);
        compare(
                ops -> {
                    Tensor in = objective.leaf(ops, x, 2, 5);
                    Tensor norm = ops.layerNorm(in, gain, bias, 1e-5);
                    Tensor sum = ops.add(in, ops.attention(ops.linear(norm, qkv), attention));
                    Tensor inner =
                            ops.linearActivation(sum, up, upBias, ActivationFunction.GELU_TANH);
                    Tensor out = ops.dropout(ops.linear(inner, down), 0.2);
                    return objective.score(ops, ops.add(sum, ops.scale(out, 0.5)), table);
                });
    }

    @Test
    void gradientsThroughASmallHeadAreThoseOfFloat32ButForRounding() {
        Weight x = objective.weight(6, 4);
        Weight head = objective.weight(4, 3);
        Tensor rows = objective.ids(new int[] {5, 1, 5, 5}, 4);
        Tensor targets = objective.ids(new int[] {2, 0, 1, 1}, 4);
        Tensor weights = objective.floats(0.5, 0, 2, 1);
        compare(
                ops -> {
                    Tensor in = objective.leaf(ops, x, 6);
                    Tensor picked =
                            ops.gather(
                                    ops.multiply(
                                            in, ops.activation(in, ActivationFunction.GELU_ERF)),
                                    rows);
                    return ops.crossEntropy(ops.linear(picked, head), targets, weights);
                });
    }

    private void compare(Objective.Body body) {
        double[][] wide = gradients(body, Precision.FLOAT32);
        double[][] narrow = gradients(body, Precision.BFLOAT16);
        for (int w = 0; w < wide.length; w++) {
            double distance = 0;
            double size = 0;
            for (int i = 0; i < wide[w].length; i++) {
                distance = Math.hypot(distance, narrow[w][i] - wide[w][i]);
                size = Math.hypot(size, wide[w][i]);
            }
            String name = objective.parameters.all().get(w).name();
            assertTrue(distance < TOLERANCE * size, name + ": " + distance / size);
            assertTrue(distance > 0, name + " was not rounded anywhere");
        }
    }

    private double[][] gradients(Objective.Body body, Precision precision) {
        objective.parameters.all().forEach(w -> objective.backend.fill(w.gradient(), 0));
        try (Scope step = objective.backend.scope()) {
            Tape tape = tape(step, precision);
            assertEquals(DType.FLOAT32, body.losses(tape).type());
            tape.backward();
        }
        return objective.parameters.all().stream()
                .map(weight -> objective.backend.values(weight.gradient()))
                .toArray(double[][]::new);
    }
}
