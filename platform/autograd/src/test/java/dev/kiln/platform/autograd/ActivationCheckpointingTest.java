package dev.kiln.platform.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.kernels.CpuBackend;
import dev.kiln.kernels.Memory;
import dev.kiln.kernels.PlainGemm;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Attention;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Ops;
import dev.kiln.testkit.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Blocks that run anew give the bits of blocks that are kept, in less memory. */
class ActivationCheckpointingTest {
    private static final int B = 4;
    private static final int T = 16;
    private static final int C = 16;
    private static final int UNIT = B * T * C * Float.BYTES;
    private static final int CLASSES = 7;

    /** Part of a model: x[B, T, C] to the same shape. */
    private interface Body {
        Tensor apply(Ops ops, Tensor x);
    }

    /** A model's weights on one backend. */
    private static final class Bed implements AutoCloseable {
        final Backend backend;
        final Scope scope;
        final Parameters parameters;
        final Weight tokens;
        final Weight up;
        final Weight upBias;
        final Weight down;
        final Weight qkv;
        final Weight gain;
        final Weight frozen;

        Bed(Backend backend) {
            this.backend = backend;
            scope = backend.scope();
            parameters = new Parameters(backend, scope, 3, true);
            tokens = weight("tokens", CLASSES, C);
            up = weight("up", C, 4 * C);
            upBias = weight("upBias", 4 * C);
            down = weight("down", 4 * C, C);
            qkv = weight("qkv", C, 3 * C);
            gain = weight("gain", C);
            frozen =
                    new Parameters(backend, scope, 4, false)
                            .create("frozen", Shape.of(C, C), new Init.Normal(0.2));
        }

        private Weight weight(String name, int... shape) {
            return parameters.create(name, Shape.of(shape), new Init.Normal(0.2));
        }

        /** Attention and a feed-forward layer, with dropout of every kind and a frozen weight. */
        Tensor block(Ops ops, Tensor x) {
            Attention attention =
                    new Attention(0, 4, (l, queries, keys) -> new Causal(queries, keys), 0.4, 0.2);
            Tensor norm = ops.layerNorm(x, gain, gain, 1e-5);
            Tensor heads = ops.attention(ops.linear(norm, qkv), attention);
            Tensor sum = ops.add(x, ops.dropout(ops.linear(heads, frozen), 0.1));
            Tensor inner =
                    ops.linearActivation(
                            sum, ops.dropout(up, 0.3), upBias, ActivationFunction.GELU_TANH);
            return ops.add(sum, ops.dropout(ops.linear(inner, down), 0.1));
        }

        /** Losses, then the gradients of all weights, of one pass; its bits. */
        List<double[]> pass(Body body, Precision precision, ActivationCheckpointing kept) {
            parameters.all().forEach(weight -> backend.fill(weight.gradient(), 0));
            List<double[]> bits = new ArrayList<>();
            try (Scope step = backend.scope()) {
                Tape tape = new Tape(backend, step, precision, new Layouts(), 5, kept);
                Tensor x = tape.embedding(tokens, ids(step, B, T));
                Tensor hidden = body.apply(tape, x);
                Tensor losses =
                        tape.projectedCrossEntropy(hidden, tokens, ids(step, B * T), ones());
                tape.backward();
                bits.add(values(losses));
            }
            parameters.all().forEach(weight -> bits.add(values(weight.gradient())));
            return bits;
        }

        private Tensor ids(Scope step, int... shape) {
            Tensor ids = step.allocate(DType.INT32, Shape.of(shape));
            backend.upload(ids, IntStream.range(0, B * T).map(i -> i * i % CLASSES).toArray());
            return ids;
        }

        private Tensor ones() {
            Tensor ones = scope.allocate(DType.FLOAT32, Shape.of(B * T));
            backend.fill(ones, 1);
            return ones;
        }

        private double[] values(Tensor tensor) {
            if (backend instanceof ReferenceBackend reference) {
                return reference.values(tensor);
            }
            float[] floats = backend.floats(tensor);
            return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
        }

        @Override
        public void close() {
            scope.close();
            backend.close();
        }
    }

    private static CpuBackend cpu() {
        return new CpuBackend("test", 2, Memory.ofProcess(), 1L << 30, new PlainGemm());
    }

    static Stream<Backend> backends() {
        return Stream.of(new ReferenceBackend(), cpu());
    }

    private static void assertSameBits(Bed bed, Body body, Precision precision) {
        List<double[]> kept = bed.pass(body, precision, ActivationCheckpointing.NONE);
        List<double[]> anew = bed.pass(body, precision, ActivationCheckpointing.BLOCKS);
        assertEquals(kept.size(), anew.size());
        for (int i = 0; i < kept.size(); i++) {
            assertArrayEquals(kept.get(i), anew.get(i), "result " + i);
        }
        for (double[] result : kept) {
            assertNotEquals(0, result[0], "a weight that nothing flows to proves nothing");
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void blocksThatShareWeightsAndDrawDropoutOfEveryKindHaveTheSameBits(Backend backend) {
        try (Bed bed = new Bed(backend)) {
            Body twice =
                    (ops, x) -> {
                        Tensor first = ops.block(x, y -> bed.block(ops, y));
                        return ops.dropout(ops.block(first, y -> bed.block(ops, y)), 0.1);
                    };
            assertSameBits(bed, twice, Precision.FLOAT32);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aBlockInsideOfABlockHasTheSameBits(Backend backend) {
        try (Bed bed = new Bed(backend)) {
            Body nested =
                    (ops, x) ->
                            ops.block(
                                    x,
                                    y -> {
                                        Tensor inner = ops.block(y, z -> bed.block(ops, z));
                                        return ops.scale(bed.block(ops, inner), 0.5);
                                    });
            assertSameBits(bed, nested, Precision.FLOAT32);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void gradientsFlowToWhatABlockReadsFromOutside(Backend backend) {
        try (Bed bed = new Bed(backend)) {
            Body reader =
                    (ops, x) -> {
                        Tensor outside = ops.dropout(bed.block(ops, x), 0.1);
                        Tensor same = ops.block(x, y -> y);
                        Tensor first = ops.block(same, y -> ops.multiply(y, outside));
                        ops.block(first, y -> ops.scale(y, 7)); // nobody reads it
                        return ops.block(x, y -> ops.add(ops.add(first, y), outside));
                    };
            assertSameBits(bed, reader, Precision.FLOAT32);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aLossInsideOfABlockCountsOnce(Backend backend) {
        try (Bed bed = new Bed(backend)) {
            Body losing =
                    (ops, x) ->
                            ops.block(
                                    x,
                                    y -> {
                                        Tensor out = bed.block(ops, y);
                                        ops.projectedCrossEntropy(
                                                out,
                                                bed.tokens,
                                                bed.ids(bed.scope, B * T),
                                                bed.ones());
                                        return out;
                                    });
            assertSameBits(bed, losing, Precision.FLOAT32);
        }
    }

    @Test
    void bfloat16HasTheSameBits() {
        try (Bed bed = new Bed(new ReferenceBackend())) {
            Body one = (ops, x) -> ops.block(x, y -> bed.block(ops, y));
            assertSameBits(bed, one, Precision.BFLOAT16);
        }
    }

    @Test
    void aBlockMoreTakesTheMemoryOfItsResult() {
        try (CpuBackend cpu = cpu()) {
            long six = peak(cpu, 6, ActivationCheckpointing.BLOCKS);
            long twelve = peak(cpu, 12, ActivationCheckpointing.BLOCKS);
            long kept = peak(cpu, 12, ActivationCheckpointing.NONE);
            assertEquals(6 * UNIT, twelve - six);
            // Kept are of a block: a norm, q, k and v, the heads' mixture, the projection, two
            // sums,
            // four before GELU and four after, and the way down: 17 units, where two are dropped.
            assertTrue(12 * 17 * UNIT < kept, kept + " bytes are kept");
            assertTrue(twelve < (12 + 2 * 17) * UNIT, twelve + " bytes with blocks anew");
        }
    }

    private static long peak(CpuBackend cpu, int blocks, ActivationCheckpointing kept) {
        Bed bed = new Bed(cpu);
        Body deep =
                (ops, x) -> {
                    Tensor y = x;
                    for (int i = 0; i < blocks; i++) {
                        y = ops.block(y, z -> bed.block(ops, z));
                    }
                    return y;
                };
        return cpu.scratchBytes(() -> bed.pass(deep, Precision.FLOAT32, kept));
    }
}
