package dev.kiln.plugins.adamw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.kernels.CpuBackend;
import dev.kiln.kernels.Memory;
import dev.kiln.kernels.PlainGemm;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.training.Optimizer;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Moments of one byte an element, on the kernels of the CPU backends. */
class CompactStateTest {

    private static CpuBackend cpu() {
        return new CpuBackend("test", 2, Memory.ofProcess(), 1L << 30, new PlainGemm());
    }

    private static AdamW adamW(MomentType state) {
        return new AdamW(new AdamWOptions(0.9, 0.95, 1e-8, 0.1, state));
    }

    @Test
    void matricesHaveCodesAndScalesAndVectorsStayInFloat32() {
        try (SmallModel model = new SmallModel(cpu())) {
            Map<String, Tensor> state = model.attach(adamW(MomentType.INT8)).state();
            assertEquals(
                    Set.of(
                            "up.exp_avg.codes",
                            "up.exp_avg.scales",
                            "up.exp_avg_sq.codes",
                            "up.exp_avg_sq.scales",
                            "down.exp_avg.codes",
                            "down.exp_avg.scales",
                            "down.exp_avg_sq.codes",
                            "down.exp_avg_sq.scales",
                            "bias.exp_avg",
                            "bias.exp_avg_sq"),
                    state.keySet());
            Tensor codes = state.get("up.exp_avg.codes");
            assertEquals(DType.UINT8, codes.type());
            assertEquals(Shape.of(SmallModel.INPUTS, SmallModel.INNER), codes.shape());
            int elements = SmallModel.INPUTS * SmallModel.INNER;
            assertEquals(Shape.of((elements + 255) / 256), state.get("up.exp_avg.scales").shape());
            assertEquals(DType.FLOAT32, state.get("bias.exp_avg").type());
        }
    }

    @Test
    void twoHundredStepsEndWithinOneInAHundredOfTheLossWithFloat32State() {
        double wide = loss(MomentType.FLOAT32);
        double compact = loss(MomentType.INT8);
        assertEquals(wide, compact, 0.01 * wide);
        assertNotEquals(wide, compact, "the state was not compact");
    }

    private static double loss(MomentType state) {
        try (SmallModel model = new SmallModel(cpu())) {
            Optimizer.Attached optimizer = model.attach(adamW(state));
            double first = model.step();
            for (int step = 1; step <= 200; step++) {
                optimizer.update(step, 3e-3, 1);
                model.step();
            }
            double last = model.step();
            assertTrue(last < 0.8 * first, "nothing was learned: " + first + " to " + last);
            return last;
        }
    }

    @Test
    void aStateThatWasSavedAndLoadedGoesOnWithTheSameBits() {
        try (SmallModel whole = new SmallModel(cpu());
                SmallModel broken = new SmallModel(cpu())) {
            Optimizer.Attached first = whole.attach(adamW(MomentType.INT8));
            train(whole, first, 1, 5);
            Optimizer.Attached second = broken.attach(adamW(MomentType.INT8));
            whole.weights()
                    .forEach(
                            weight ->
                                    move(
                                            whole.backend(),
                                            weight.value(),
                                            broken.backend(),
                                            broken.weight(weight.name()).value()));
            second.state()
                    .forEach(
                            (name, to) ->
                                    move(
                                            whole.backend(),
                                            first.state().get(name),
                                            broken.backend(),
                                            to));
            train(whole, first, 6, 10);
            train(broken, second, 6, 10);
            for (String name : Set.of("up", "bias", "down")) {
                assertArrayEquals(whole.values(name), broken.values(name), name);
            }
        }
    }

    private static void train(SmallModel model, Optimizer.Attached optimizer, int from, int to) {
        for (int step = from; step <= to; step++) {
            model.step();
            optimizer.update(step, 1e-2, 1);
        }
    }

    private static void move(Backend from, Tensor source, Backend to, Tensor out) {
        byte[] bytes = new byte[Math.toIntExact(source.shape().size() * source.type().bytes())];
        from.download(MemorySegment.ofArray(bytes), source);
        to.upload(out, MemorySegment.ofArray(bytes));
    }

    @Test
    void aBackendWithoutBytesIsRefusedInOneLine() {
        Backend abacus =
                (Backend)
                        Proxy.newProxyInstance(
                                Backend.class.getClassLoader(),
                                new Class<?>[] {Backend.class},
                                (proxy, method, arguments) ->
                                        new Capabilities(
                                                Set.of(DType.FLOAT32, DType.INT32),
                                                Set.of(),
                                                "an abacus",
                                                1));
        try (SmallModel model = new SmallModel(cpu())) {
            InvalidInput refused =
                    assertThrows(
                            InvalidInput.class,
                            () ->
                                    adamW(MomentType.INT8)
                                            .attach(abacus, model.scope(), model.weights()));
            assertEquals(
                    "optimizer.state: the backend (an abacus) keeps no int8 state; give"
                            + " optimizer.state=float32 or another backend",
                    refused.getMessage());
        }
    }

    @Test
    void aWeightWithMoreScalesThanAnIntCountsIsRefusedInOneLine() {
        try (CpuBackend backend = cpu();
                Scope scope = backend.scope()) {
            Weight huge = new Unmade("wpe.weight", Shape.of(1 << 30, 1 << 10));
            InvalidInput refused =
                    assertThrows(
                            InvalidInput.class,
                            () -> adamW(MomentType.INT8).attach(backend, scope, List.of(huge)));
            assertEquals(
                    "optimizer.state: int8 holds weights of at most 549,755,813,632 elements,"
                            + " wpe.weight has 1,099,511,627,776",
                    refused.getMessage());
        }
    }

    private record Unmade(String name, Shape shape) implements Weight {
        @Override
        public Tensor value() {
            throw new AssertionError("only its shape is asked for");
        }

        @Override
        public boolean trainable() {
            return true;
        }

        @Override
        public Tensor gradient() {
            throw new AssertionError("only its shape is asked for");
        }
    }
}
