package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the oracle refuses where other backends may do anything. */
class ReferenceStrictnessTest {
    private final ReferenceBackend backend = new ReferenceBackend();
    private final Scope scope = backend.scope();

    @AfterEach
    void close() {
        backend.close();
    }

    private Tensor tensor(int... shape) {
        return scope.allocate(DType.FLOAT32, Shape.of(shape));
    }

    private static void refused(String message, Executable work) {
        String said = assertThrows(IllegalArgumentException.class, work).getMessage();
        assertTrue(said.contains(message), said);
    }

    @Test
    void freshMemoryIsPoisoned() {
        assertArrayEquals(new double[] {Double.NaN, Double.NaN}, backend.values(tensor(2)));
        Tensor ids = scope.allocate(DType.INT32, Shape.of(1));
        backend.fill(tensor(3, 2), 0);
        refused("gather: id -2147483648", () -> backend.gather(tensor(1, 2), tensor(3, 2), ids));
    }

    @Test
    void aReleasedTensorIsNotUsed() {
        Tensor x = tensor(2);
        scope.release(x);
        refused("fill: FLOAT32[2] is used after its release", () -> backend.fill(x, 0));
        refused("release: ", () -> scope.release(x));
    }

    @Test
    void aTensorIsNotUsedAfterItsScope() {
        Scope inner = backend.scope();
        Tensor x = inner.allocate(DType.FLOAT32, Shape.of(2));
        inner.close();
        refused("used after", () -> backend.values(x));
        refused("the scope is closed", () -> inner.allocate(DType.FLOAT32, Shape.of(2)));
    }

    @Test
    void aTensorOfAnotherScopeIsNotReleased() {
        Tensor x = tensor(2);
        try (Scope inner = backend.scope()) {
            refused("belongs to another scope", () -> inner.release(x));
        }
    }

    @Test
    void outputsMayNotBeInputsUnlessThatIsSaid() {
        Tensor x = tensor(2, 2);
        refused("matmul: output", () -> backend.matmul(x, x, false, tensor(2, 2), false, 1, 0));
        refused(
                "activationBackward",
                () -> backend.activationBackward(x, tensor(2, 2), x, ActivationFunction.GELU_TANH));
    }

    @Test
    void shapesAndTypesFit() {
        refused(
                "add: expected shape [2, 3]",
                () -> backend.add(tensor(2, 3), tensor(2, 3), tensor(3, 2)));
        refused(
                "matmul: expected",
                () -> backend.matmul(tensor(2, 3), tensor(2, 4), false, tensor(3, 3), false, 1, 0));
        Tensor ids = scope.allocate(DType.INT32, Shape.of(2));
        refused("scale: expected FLOAT32", () -> backend.scale(ids, ids, 2));
    }

    @Test
    void float32IsNotRounded() {
        Tensor x = tensor(1);
        backend.set(x, 1 + 1e-12);
        assertEquals(1 + 1e-12, backend.values(x)[0]);
    }
}
