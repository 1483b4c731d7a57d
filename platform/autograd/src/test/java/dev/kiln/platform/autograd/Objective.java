package dev.kiln.platform.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Ops;
import dev.kiln.testkit.ReferenceBackend;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * An objective on the reference backend, in double precision, and the check of its gradients by
 * central differences of fourth order for every element of every weight.
 */
final class Objective implements AutoCloseable {
    private static final double STEP = 1e-4;
    private static final double TOLERANCE = 1e-8;
    private static final long DROPOUT_KEY = 42;

    /** Part of a model: makes losses from operations. */
    interface Body {
        Tensor losses(Ops ops);
    }

    final ReferenceBackend backend = new ReferenceBackend();
    final Scope scope = backend.scope();
    final Parameters parameters = new Parameters(backend, scope, 7, true);
    private final Layouts layouts = new Layouts();
    private int named;

    /** A trainable weight with random contents of about unit size. */
    Weight weight(int... shape) {
        return parameters.create("w" + named++, Shape.of(shape), new Init.Normal(0.7));
    }

    Weight frozen(int... shape) {
        Parameters fixed = new Parameters(backend, scope, 11, false);
        return fixed.create("frozen" + named++, Shape.of(shape), new Init.Normal(0.7));
    }

    /** An activation of this shape that is a weight at heart, so that its gradient can be checked. */
    Tensor leaf(Ops ops, Weight rows, int... leading) {
        int[] ids = IntStream.range(0, Arrays.stream(leading).reduce(1, (a, b) -> a * b)).toArray();
        return ops.embedding(rows, ids(ids, leading));
    }

    Tensor ids(int[] ids, int... shape) {
        Tensor tensor = scope.allocate(DType.INT32, Shape.of(shape));
        backend.upload(tensor, ids);
        return tensor;
    }

    Tensor floats(double... values) {
        Tensor tensor = scope.allocate(DType.FLOAT32, Shape.of(values.length));
        backend.set(tensor, values);
        return tensor;
    }

    /** Scores any activation [..., C]: projects it on a fixed table and asks for fixed targets. */
    Tensor score(Ops ops, Tensor x, Weight table) {
        int rows = x.shape().rows();
        int classes = table.shape().rows();
        int[] targets = IntStream.range(0, rows).map(n -> (3 * n + 1) % classes).toArray();
        double[] weights = IntStream.range(0, rows).mapToDouble(n -> 0.2 + 0.3 * n).toArray();
        return ops.projectedCrossEntropy(x, table, ids(targets, rows), floats(weights));
    }

    void checkGradients(Body body) {
        parameters.all().forEach(w -> backend.fill(w.gradient(), 0));
        evaluate(body, true);
        for (Weight weight : parameters.all()) {
            double[] gradient = backend.values(weight.gradient());
            double[] values = backend.values(weight.value());
            double size = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
            for (int i = 0; i < values.length; i++) {
                double expected = difference(body, weight, values, i);
                assertEquals(
                        expected,
                        gradient[i],
                        TOLERANCE * (1 + size),
                        weight.name() + weight.shape() + " element " + i);
            }
        }
    }

    private double difference(Body body, Weight weight, double[] values, int i) {
        double near = at(body, weight, values, i, STEP) - at(body, weight, values, i, -STEP);
        double far = at(body, weight, values, i, 2 * STEP) - at(body, weight, values, i, -2 * STEP);
        return (8 * near - far) / (12 * STEP);
    }

    private double at(Body body, Weight weight, double[] values, int i, double shift) {
        double[] shifted = values.clone();
        shifted[i] += shift;
        backend.set(weight.value(), shifted);
        double objective = evaluate(body, false);
        backend.set(weight.value(), values);
        return objective;
    }

    /** The objective; every evaluation draws the same dropout masks. */
    private double evaluate(Body body, boolean backward) {
        try (Scope step = backend.scope()) {
            double[][] gradients =
                    parameters.all().stream()
                            .map(w -> backend.values(w.gradient()))
                            .toArray(double[][]::new);
            Tape tape = new Tape(backend, step, Precision.FLOAT32, layouts, DROPOUT_KEY);
            double objective = Arrays.stream(backend.values(body.losses(tape))).sum();
            if (backward) {
                tape.backward();
            } else {
                restore(gradients);
            }
            return objective;
        }
    }

    /** Losses add to a table's gradient as they go forward: undone where only values are wanted. */
    private void restore(double[][] gradients) {
        for (int w = 0; w < gradients.length; w++) {
            backend.set(parameters.all().get(w).gradient(), gradients[w]);
        }
    }

    /** A pseudo-random mask of ids in [0, bound). */
    static int[] someIds(int count, int bound) {
        return IntStream.range(0, count).map(i -> (int) Randomness.below(5, i, bound)).toArray();
    }

    @Override
    public void close() {
        scope.close();
        backend.close();
    }
}
