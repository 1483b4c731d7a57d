package dev.kiln.plugins.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.autograd.Tape;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.testkit.fixtures.TinyDecoder;
import dev.kiln.testkit.fixtures.TinyHead;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What whole training steps on the platform's tape take from memory; the JVM counts the heap. */
class StepMemoryTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int STEPS = 300;
    private static final int SEQUENCES = 3;
    private static final int LENGTH = 33;
    private static final int VOCABULARY = 257;

    @ParameterizedTest
    @EnumSource
    void offHeapMemoryIsFlatAfterTheSecondStepAndHeapPerStepDoesNotGrow(Precision precision) {
        try (OneDnnBackend backend = OneDnnBackend.open(1);
                Scope scope = backend.scope()) {
            Assumptions.assumeTrue(
                    backend.capabilities().types().contains(precision.activations()),
                    backend.capabilities().device());
            Training training = Training.of(backend, scope, precision);
            training.step(1);
            training.step(2);
            long offHeap = backend.allocatedBytes();
            long first = heapOf(training, 3);
            for (int step = 4; step < STEPS; step++) {
                training.step(step);
            }
            long last = heapOf(training, STEPS);
            assertEquals(offHeap, backend.allocatedBytes(), "off-heap bytes");
            assertTrue(last <= first + 1024, "heap of a step: first " + first + ", last " + last);
        }
    }

    private static long heapOf(Training training, int step) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        training.step(step);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** A model with all that its update needs. */
    private record Training(
            Backend backend,
            Precision precision,
            Model model,
            TaskHead.Attached head,
            List<Weight> weights,
            List<Tensor> first,
            List<Tensor> second,
            Layouts layouts) {

        static Training of(Backend backend, Scope scope, Precision precision) {
            Parameters parameters = new Parameters(backend, scope, 1, true);
            Model model = new TinyDecoder(LENGTH, 0.1, 0.02).build(parameters, VOCABULARY);
            TaskHead.Attached head = new TinyHead().attach(parameters, model);
            List<Weight> weights = parameters.all();
            return new Training(
                    backend,
                    precision,
                    model,
                    head,
                    weights,
                    zeros(backend, scope, weights),
                    zeros(backend, scope, weights),
                    new Layouts());
        }

        private static List<Tensor> zeros(Backend backend, Scope scope, List<Weight> weights) {
            return weights.stream()
                    .map(
                            weight -> {
                                Tensor moment = scope.allocate(DType.FLOAT32, weight.shape());
                                backend.fill(moment, 0);
                                return moment;
                            })
                    .toList();
        }

        void step(int number) {
            try (Scope scope = backend.scope()) {
                int count = SEQUENCES * LENGTH;
                int[] ids = new int[count];
                int[] positions = new int[count];
                float[] shares = new float[count];
                Arrays.setAll(ids, i -> (7 * i + number) % VOCABULARY);
                Arrays.setAll(positions, i -> i % LENGTH);
                Arrays.fill(shares, 1f / count);
                Shape shape = Shape.of(SEQUENCES, LENGTH);
                Tape tape = new Tape(backend, scope, precision, layouts, number);
                Tensor hidden =
                        model.hidden(tape, ints(scope, shape, ids), ints(scope, shape, positions));
                Tensor targets = ints(scope, Shape.of(count), ids);
                Tensor weights = scope.allocate(DType.FLOAT32, Shape.of(count));
                backend.upload(weights, shares);
                head.losses(tape, hidden, new HeadInput(HeadRows.ALL, targets, weights));
                tape.backward();
            }
            backend.adamW(
                    weights, first, second, new AdamWStep(number, 1e-3, 0.9, 0.95, 1e-8, 0.1, 1));
            weights.forEach(weight -> backend.fill(weight.gradient(), 0));
        }

        private Tensor ints(Scope scope, Shape shape, int[] values) {
            Tensor tensor = scope.allocate(DType.INT32, shape);
            backend.upload(tensor, values);
            return tensor;
        }
    }
}
