package dev.kiln.plugins.adamw;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.training.Optimizer;
import java.util.List;

/** A classifier of two layers that learns which of its inputs is the largest, from noisy labels. */
record SmallModel(
        Backend backend, Scope scope, List<Weight> weights, Tensor x, Tensor targets, Tensor rates)
        implements AutoCloseable {
    static final int INPUTS = 19;
    static final int INNER = 70;
    private static final int ROWS = 160;

    SmallModel(Backend backend) {
        this(backend, backend.scope());
    }

    private SmallModel(Backend backend, Scope scope) {
        this(
                backend,
                scope,
                List.of(
                        weight(backend, scope, "up", INPUTS, INNER),
                        weight(backend, scope, "bias", INNER),
                        weight(backend, scope, "down", INNER, INPUTS)),
                scope.allocate(DType.FLOAT32, Shape.of(ROWS, INPUTS)),
                scope.allocate(DType.INT32, Shape.of(ROWS)),
                scope.allocate(DType.FLOAT32, Shape.of(ROWS)));
        float[] inputs = normals("x", ROWS * INPUTS);
        backend.upload(x, inputs);
        backend.upload(targets, largest(inputs));
        backend.fill(rates, 1.0 / ROWS);
    }

    private static Weight weight(Backend backend, Scope scope, String name, int... shape) {
        Weight weight = backend.weight(scope, name, Shape.of(shape), true);
        float[] values = normals(name, Math.toIntExact(weight.shape().size()));
        backend.upload(weight.value(), values);
        backend.scale(weight.value(), weight.value(), 0.1);
        backend.refresh(weight);
        return weight;
    }

    private static float[] normals(String name, int size) {
        long key = Randomness.key(9, name);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) Randomness.normal(key, i);
        }
        return values;
    }

    /** Every third label is any. */
    private static int[] largest(float[] inputs) {
        int[] labels = new int[ROWS];
        for (int n = 0; n < ROWS; n++) {
            for (int i = 1; i < INPUTS; i++) {
                if (inputs[n * INPUTS + i] > inputs[n * INPUTS + labels[n]]) {
                    labels[n] = i;
                }
            }
            labels[n] = n % 3 == 0 ? n % INPUTS : labels[n];
        }
        return labels;
    }

    Optimizer.Attached attach(AdamW optimizer) {
        return optimizer.attach(backend, scope, weights);
    }

    Weight weight(String name) {
        return weights.stream().filter(w -> w.name().equals(name)).findFirst().orElseThrow();
    }

    float[] values(String name) {
        return backend.floats(weight(name).value());
    }

    /** The mean loss, and the weights' gradients. */
    double step() {
        weights.forEach(weight -> backend.fill(weight.gradient(), 0));
        try (Scope step = backend.scope()) {
            Tensor before = step.allocate(DType.FLOAT32, Shape.of(ROWS, INNER));
            Tensor inner = step.allocate(DType.FLOAT32, Shape.of(ROWS, INNER));
            Tensor logits = step.allocate(DType.FLOAT32, Shape.of(ROWS, INPUTS));
            Tensor losses = step.allocate(DType.FLOAT32, Shape.of(ROWS));
            backend.linearActivation(
                    inner, before, x, weight("up"), weight("bias"), ActivationFunction.GELU_TANH);
            backend.linear(logits, inner, weight("down"));
            backend.crossEntropy(losses, logits, logits, targets, rates);
            backend.linearBackwardWeight(weight("down"), inner, logits);
            backend.linearBackwardInput(inner, logits, weight("down"));
            backend.activationBackward(inner, inner, before, ActivationFunction.GELU_TANH);
            backend.addRowSum(weight("bias").gradient(), inner);
            backend.linearBackwardWeight(weight("up"), x, inner);
            double sum = 0;
            for (float loss : backend.floats(losses)) {
                sum += loss;
            }
            return sum;
        }
    }

    @Override
    public void close() {
        scope.close();
        backend.close();
    }
}
