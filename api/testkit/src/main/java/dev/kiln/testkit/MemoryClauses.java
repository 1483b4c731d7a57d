package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Capabilities, scopes, weights and transfers. */
interface MemoryClauses extends Clauses {
    float[] SPECIAL = {0f, -0f, 1.5f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, 1 / 0f, -1 / 0f};

    @Test
    default void capabilitiesSayWhatThereIs() {
        Capabilities capabilities = bench().backend().capabilities();
        assertTrue(capabilities.types().contains(DType.FLOAT32), "every backend has FLOAT32");
        assertTrue(capabilities.types().contains(DType.INT32), "every backend has INT32");
        assertTrue(capabilities.threads() >= 1, "a backend computes with at least one thread");
        assertFalse(capabilities.device().isBlank(), "a backend says what it runs on");
    }

    @ParameterizedTest
    @EnumSource
    default void onlyDeclaredTypesAreAllocated(DType type) {
        Backend backend = bench().backend();
        try (Scope scope = backend.scope()) {
            if (backend.capabilities().types().contains(type)) {
                Tensor tensor = scope.allocate(type, Shape.of(3, 5));
                assertEquals(type, tensor.type(), "a tensor has the type asked for");
                assertEquals(Shape.of(3, 5), tensor.shape(), "a tensor has the shape asked for");
            } else {
                assertThrows(
                        InvalidInput.class,
                        () -> scope.allocate(type, Shape.of(3, 5)),
                        "broken clause: a type that isn't declared is refused with InvalidInput");
            }
        }
    }

    @Test
    default void moreMemoryThanThereIsIsRefused() {
        try (Scope scope = bench().backend().scope()) {
            assertThrows(
                    InvalidInput.class,
                    () -> scope.allocate(DType.FLOAT32, Shape.of(1 << 30, 1 << 28)),
                    "broken clause: memory that is used up is InvalidInput");
        }
    }

    @Test
    default void whatIsTakenIsNoLongerAvailable() {
        Backend backend = bench().backend();
        long before = backend.availableBytes();
        Assumptions.assumeTrue(before < Long.MAX_VALUE, "the backend does not know its memory");
        try (Scope scope = backend.scope()) {
            scope.allocate(DType.FLOAT32, Shape.of(1 << 10, 1 << 10));
            assertTaken(before, 4 << 20, "a tensor");
        }
        assertEquals(
                before, backend.availableBytes(), "broken clause: what is given back is there");
    }

    /** By a product forward and backward, in both directions of the matrix. */
    @ParameterizedTest
    @EnumSource
    default void productsKeepOfAWeightWhatIsAnnounced(Precision precision) {
        Backend backend = bench().backend();
        Assumptions.assumeTrue(
                backend.capabilities().types().contains(precision.activations())
                        && backend.availableBytes() < Long.MAX_VALUE,
                "the backend does not have the type, or does not know its memory");
        Shape shape = Shape.of(1000, 700);
        try (Scope scope = backend.scope()) {
            Weight weight = backend.weight(scope, "w", shape, true);
            Tensor x = scope.allocate(precision.activations(), Shape.of(64, 1000));
            Tensor out = scope.allocate(precision.activations(), Shape.of(64, 700));
            backend.fill(x, 1);
            long before = backend.availableBytes();
            backend.linear(out, x, weight);
            backend.linearBackwardInput(x, out, weight);
            assertTaken(before, backend.packedBytes(shape, precision), "forms of a weight");
        }
    }

    private void assertTaken(long before, long expected, String what) {
        long taken = before - bench().backend().availableBytes();
        assertTrue(
                taken >= expected && taken <= 1.07 * expected,
                String.format(
                        Locale.ROOT,
                        "broken clause: %s of %,d bytes took %,d",
                        what,
                        expected,
                        taken));
    }

    @Test
    default void uploadsComeBackBitByBit() {
        Backend backend = bench().backend();
        try (Scope scope = backend.scope()) {
            Kit kit = new Kit(backend, scope);
            Tensor floats = kit.floats(SPECIAL, SPECIAL.length);
            assertArrayEquals(SPECIAL, backend.floats(floats), "broken clause: download = upload");
            int[] ids = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE};
            int[] back = new int[5];
            backend.download(MemorySegment.ofArray(back), kit.ids(ids, 5));
            assertArrayEquals(ids, back, "broken clause: download = upload, INT32");
        }
    }

    @Test
    default void bytesComeBackAsTheyAre() {
        Backend backend = bench().backend();
        Assumptions.assumeTrue(
                backend.capabilities().types().contains(DType.UINT8),
                "the backend does not declare UINT8");
        try (Scope scope = backend.scope()) {
            byte[] bytes = {0, 1, 127, (byte) 128, (byte) 255, 7, 6};
            Tensor tensor = scope.allocate(DType.UINT8, Shape.of(7));
            backend.upload(tensor, MemorySegment.ofArray(bytes));
            byte[] back = new byte[bytes.length];
            backend.download(MemorySegment.ofArray(back), tensor);
            assertArrayEquals(bytes, back, "broken clause: download = upload, UINT8");
            backend.fill(tensor, 0);
            backend.download(MemorySegment.ofArray(back), tensor);
            assertArrayEquals(new byte[7], back, "broken clause: fill, UINT8");
        }
    }

    @Test
    default void transfersTakeHeapAndNativeSegments() {
        Backend backend = bench().backend();
        try (Scope scope = backend.scope();
                Arena arena = Arena.ofConfined()) {
            Tensor tensor = scope.allocate(DType.FLOAT32, Shape.of(7, 3));
            float[] values = Kit.normals("values", 24);
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
            backend.upload(tensor, memory.asSlice(4)); // begins at the second, ends past the 21st
            MemorySegment out = arena.allocate(4 * 23, 4);
            backend.download(out.asSlice(4), tensor);
            for (int i = 1; i < 22; i++) {
                assertEquals(
                        values[i],
                        out.getAtIndex(ValueLayout.JAVA_FLOAT, i),
                        "broken clause: transfers from and to a slice of native memory");
            }
            assertEquals(0, out.getAtIndex(ValueLayout.JAVA_FLOAT, 22), "nothing past the end");
        }
    }

    @Test
    default void newWeightsAndTheirGradientsAreZeros() {
        Backend backend = bench().backend();
        for (int round = 0; round < 2; round++) { // the second gets memory that was used
            try (Scope scope = backend.scope()) {
                Weight weight = backend.weight(scope, "h.0.w", Shape.of(31, 17), true);
                assertEquals("h.0.w", weight.name(), "a weight has its name");
                assertTrue(weight.trainable(), "a weight is trainable if asked");
                float[] zeros = new float[31 * 17];
                assertArrayEquals(zeros, backend.floats(weight.value()), "masters hold zeros");
                assertArrayEquals(zeros, backend.floats(weight.gradient()), "gradients too");
                backend.fill(weight.value(), 3);
                backend.fill(weight.gradient(), 4);
                Weight frozen = backend.weight(scope, "frozen", Shape.of(5), false);
                assertFalse(frozen.trainable(), "a weight isn't trainable unless asked");
                assertThrows(
                        IllegalStateException.class,
                        frozen::gradient,
                        "broken clause: a weight that isn't trainable has no gradient");
            }
        }
    }

    @Test
    default void tensorsOfOneScopeDoNotShareMemory() {
        Backend backend = bench().backend();
        try (Scope outer = backend.scope()) {
            Kit kit = new Kit(backend, outer);
            Tensor kept = kit.normal("kept", 13, 7);
            for (int round = 0; round < 3; round++) {
                try (Scope inner = backend.scope()) {
                    Kit other = new Kit(backend, inner);
                    Tensor released = other.filled(round, 13, 7);
                    inner.release(released);
                    Tensor a = other.filled(1, 13, 7);
                    Tensor b = other.filled(2, 13, 7);
                    assertEquals(1, backend.floats(a)[90], "broken clause: tensors are apart");
                    assertEquals(2, backend.floats(b)[90], "broken clause: tensors are apart");
                }
            }
            assertArrayEquals(
                    Kit.normals("kept", 91),
                    backend.floats(kept),
                    "broken clause: a tensor lives until its own scope closes");
        }
    }

    @Test
    default void closingAScopeTwiceDoesNothing() {
        Backend backend = bench().backend();
        Scope scope = backend.scope();
        scope.allocate(DType.FLOAT32, Shape.of(3));
        scope.close();
        scope.close();
    }

    @Test
    default void aRepeatedScopeAllocatesNothingNew() {
        Assumptions.assumeTrue(bench().allocatedBytes().isPresent(), "no allocatedBytes()");
        step();
        step();
        long after = bench().allocatedBytes().orElseThrow();
        for (int i = 0; i < 5; i++) {
            step();
        }
        assertEquals(
                after,
                bench().allocatedBytes().orElseThrow(),
                "broken clause: a step that repeats allocates nothing new");
    }

    private void step() {
        try (Scope scope = bench().backend().scope()) {
            Kit kit = new Kit(bench().backend(), scope);
            Tensor x = kit.normal("x", 64, 33);
            Tensor out = kit.fresh(64, 17);
            bench().backend().matmul(out, x, false, kit.normal("w", 33, 17), false, 1, 0);
            scope.release(x);
            bench().backend().copy(kit.fresh(64, 17), out);
        }
    }
}
