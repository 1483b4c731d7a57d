package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.training.Optimizer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every optimizer keeps, on the oracle: in double precision, on a matrix, a vector and a single
 * number. Subclass it in a plugin's tests, once for each set of options that matters. A failure names
 * the broken clause and the weight.
 */
@Experimental
public abstract class OptimizerContract implements FactoryClauses {
    private static final double RATE = 0.01;

    /** The optimizer to try; may be the same one at every call. */
    protected abstract Optimizer optimizer();

    @Test
    void stateIsZeroedAndNamedByItsWeights() {
        try (Subject subject = new Subject(3)) {
            subject.state().forEach(OptimizerContract::assertZeroed);
            for (String name : subject.state().keySet()) {
                assertTrue(
                        subject.weights.stream().anyMatch(w -> name.contains(w.name())),
                        "broken clause: names of the state hold the weights' names; " + name);
            }
            List<String> names = List.copyOf(subject.state().keySet());
            subject.update(1, RATE, 1);
            assertEquals(
                    names,
                    List.copyOf(subject.state().keySet()),
                    "broken clause: state() has the same names before the first update and after");
        }
    }

    private static void assertZeroed(String name, double[] values) {
        assertTrue(
                Arrays.stream(values).allMatch(x -> x == 0),
                "broken clause: state is zeroed when it is attached; " + name);
    }

    @Test
    void everyWeightGoesDownItsGradient() {
        try (Subject subject = new Subject(3)) {
            subject.weights.forEach(w -> subject.backend.fill(w.value(), 0));
            subject.gradients(1);
            subject.update(1, RATE, 1);
            for (Weight weight : subject.weights) {
                double[] moved = subject.backend.values(weight.value());
                double[] gradient = subject.backend.values(weight.gradient());
                double product =
                        IntStream.range(0, moved.length)
                                .mapToDouble(i -> moved[i] * gradient[i])
                                .sum();
                assertTrue(
                        product < 0,
                        "broken clause: an update goes down the gradient; " + weight.name());
            }
        }
    }

    @Test
    void aRateOfZeroChangesNothing() {
        try (Subject subject = new Subject(3)) {
            List<double[]> before = subject.values();
            subject.update(1, 0, 1);
            assertSame(before, subject.values(), "broken clause: a rate of 0 changes no weight");
        }
    }

    @Test
    void gradientsAreLeftAsTheyAre() {
        try (Subject subject = new Subject(3)) {
            double[] before = subject.backend.values(subject.weights.getFirst().gradient());
            subject.update(1, RATE, 0.5);
            assertArrayEquals(
                    before,
                    subject.backend.values(subject.weights.getFirst().gradient()),
                    "broken clause: gradients are left as they are");
        }
    }

    @Test
    void theScaleMultipliesTheGradients() {
        try (Subject scaled = new Subject(3);
                Subject plain = new Subject(3)) {
            for (int step = 1; step <= 3; step++) {
                scaled.gradients(step);
                scaled.update(step, RATE, 0.25);
                plain.gradients(step);
                plain.weights.forEach(w -> plain.backend.scale(w.gradient(), w.gradient(), 0.25));
                plain.update(step, RATE, 1);
            }
            assertSame(
                    plain.values(),
                    scaled.values(),
                    "broken clause: gradients are multiplied by gradientScale first");
        }
    }

    @Test
    void whatStateHoldsIsEnoughToGoOn() {
        try (Subject first = new Subject(3);
                Subject resumed = new Subject(3)) {
            for (int step = 1; step <= 3; step++) {
                first.gradients(step);
                first.update(step, RATE, 1);
            }
            resumed.takeOver(first);
            for (int step = 4; step <= 6; step++) {
                first.gradients(step);
                first.update(step, RATE, 1);
                resumed.gradients(step);
                resumed.update(step, RATE, 1);
            }
            assertSame(
                    first.values(),
                    resumed.values(),
                    "broken clause: state() is all that a checkpoint must keep, besides weights");
        }
    }

    @Test
    void theSameCallsGiveTheSameWeights() {
        try (Subject one = new Subject(3);
                Subject other = new Subject(3)) {
            for (int step = 1; step <= 3; step++) {
                for (Subject subject : List.of(one, other)) {
                    subject.gradients(step);
                    subject.update(step, RATE, 1);
                }
            }
            assertSame(
                    one.values(),
                    other.values(),
                    "broken clause: the same calls give the same weights; one optimizer may be"
                            + " attached more than once");
        }
    }

    @Test
    void nothingBecomesNotANumber() {
        try (Subject subject = new Subject(3)) {
            subject.weights.forEach(w -> subject.backend.fill(w.gradient(), 0));
            subject.update(1, RATE, 1);
            for (Weight weight : subject.weights) {
                assertTrue(
                        subject.backend.isFinite(weight.value()),
                        "broken clause: a gradient of zeros keeps weights finite; "
                                + weight.name());
            }
        }
    }

    /** AdamW's own kernels do so themselves. */
    @Test
    void mastersWrittenAreRefreshed() {
        Set<Object> told = Collections.newSetFromMap(new IdentityHashMap<>());
        try (Subject subject = new Subject(3, told)) {
            subject.update(1, RATE, 1);
            for (Weight weight : subject.weights) {
                assertTrue(
                        told.contains(weight),
                        "broken clause: a master that was written is refreshed, unless a kernel of"
                                + " the optimizer wrote it; "
                                + weight.name());
            }
        }
    }

    @Test
    void costFollowsTheWeights() {
        Growth.linear(
                "cost follows the number of weights",
                30,
                8,
                count -> {
                    try (Subject subject = new Subject(count)) {
                        subject.update(1, RATE, 1);
                    }
                });
    }

    private static void assertSame(List<double[]> expected, List<double[]> actual, String clause) {
        assertFalse(expected.isEmpty());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), 1e-9, clause + "; weight " + i);
        }
    }

    /** The optimizer at work on some weights: matrices, vectors and single numbers in turn. */
    private final class Subject implements AutoCloseable {
        private final ReferenceBackend backend = new ReferenceBackend();
        private final Scope scope = backend.scope();
        private final List<Weight> weights;
        private final Optimizer.Attached attached;

        Subject(int count) {
            this(count, new HashSet<>());
        }

        /**
         * @param told gets the weights of which the backend is told
         */
        Subject(int count, Set<Object> told) {
            weights =
                    IntStream.range(0, count)
                            .mapToObj(i -> backend.weight(scope, "w" + i + "e", shape(i), true))
                            .toList();
            for (Weight weight : weights) {
                backend.upload(weight.value(), Kit.normals(weight.name(), size(weight)));
            }
            gradients(1);
            attached = optimizer().attach(listening(told), scope, weights);
        }

        /** The oracle, which notes weights that are refreshed or given to AdamW's kernels. */
        private Backend listening(Set<Object> told) {
            return (Backend)
                    Proxy.newProxyInstance(
                            Backend.class.getClassLoader(),
                            new Class<?>[] {Backend.class},
                            (proxy, method, arguments) -> {
                                switch (method.getName()) {
                                    case "refresh" -> told.add(arguments[0]);
                                    case "adamW", "adamWCompact" ->
                                            told.addAll((List<?>) arguments[0]);
                                    default -> {}
                                }
                                try {
                                    return method.invoke(backend, arguments);
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            });
        }

        private static Shape shape(int i) {
            return switch (i % 3) {
                case 0 -> Shape.of(3, 5);
                case 1 -> Shape.of(7);
                default -> Shape.of(1);
            };
        }

        private static int size(Weight weight) {
            return Math.toIntExact(weight.shape().size());
        }

        void gradients(int step) {
            for (Weight weight : weights) {
                float[] values = Kit.normals(weight.name() + " at " + step, size(weight));
                backend.upload(weight.gradient(), values);
            }
        }

        void update(long step, double rate, double scale) {
            attached.update(step, rate, scale);
        }

        List<double[]> values() {
            return weights.stream().map(w -> backend.values(w.value())).toList();
        }

        Map<String, double[]> state() {
            Map<String, double[]> values = new LinkedHashMap<>();
            attached.state().forEach((name, tensor) -> values.put(name, backend.values(tensor)));
            return values;
        }

        /** What a checkpoint carries over. */
        void takeOver(Subject other) {
            for (int i = 0; i < weights.size(); i++) {
                backend.set(weights.get(i).value(), other.values().get(i));
            }
            Map<String, Tensor> own = attached.state();
            other.state()
                    .forEach(
                            (name, values) -> {
                                assertTrue(
                                        own.containsKey(name),
                                        "broken clause: state() has the same names in every run; "
                                                + name);
                                backend.set(own.get(name), values);
                            });
        }

        @Override
        public void close() {
            backend.close();
        }
    }
}
