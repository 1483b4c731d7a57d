package dev.kiln.plugins.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Availability;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneDnnFactoryTest {
    private final OneDnnFactory factory = new OneDnnFactory();

    @Test
    void itIsAvailableWhereItsNativesAre() {
        Availability availability = factory.availability();
        assertTrue(availability.usable(), availability.reason());
        assertEquals(20, availability.rank());
    }

    @ParameterizedTest
    @ValueSource(strings = {"macosx-arm64", "linux-riscv64"})
    void itSaysInOneLineThatAPlatformHasNoNatives(String platform) {
        assertEquals(
                new Availability(false, 20, "this build has no oneDNN for " + platform),
                OneDnnFactory.availability(platform));
    }

    @Test
    void zeroThreadsAreAllCores() {
        try (Backend backend = OneDnnBackend.open(factory.threads(new OneDnnOptions(0)))) {
            assertEquals(
                    Runtime.getRuntime().availableProcessors(), backend.capabilities().threads());
        }
        assertEquals(3, factory.threads(new OneDnnOptions(3)));
    }

    @Test
    void theContextClassLoaderStaysAsItWas() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        OneDnnBackend.open(1).close();
        assertSame(before, Thread.currentThread().getContextClassLoader());
    }

    @Test
    void moreMemoryThanTheMachineHasIsRefusedInOneLine() {
        try (OneDnnBackend backend = OneDnnBackend.open(1);
                Scope scope = backend.scope()) {
            Shape huge = Shape.of(1 << 20, 1 << 20);
            InvalidInput refused =
                    assertThrows(InvalidInput.class, () -> scope.allocate(DType.FLOAT32, huge));
            assertTrue(refused.getMessage().contains("4194304.0 MiB"), refused.getMessage());
            assertEquals(1, refused.getMessage().lines().count());
        }
    }

    @Test
    void twoBackendsLiveSideBySide() {
        try (Backend first = OneDnnBackend.open(2);
                Backend second = OneDnnBackend.open(2)) {
            assertEquals(6, productOfTwoAndThree(first));
            assertEquals(6, productOfTwoAndThree(second));
        }
    }

    private static float productOfTwoAndThree(Backend backend) {
        try (Scope scope = backend.scope()) {
            Tensor two = scope.allocate(DType.FLOAT32, Shape.of(1, 1));
            Tensor three = scope.allocate(DType.FLOAT32, Shape.of(1, 1));
            Tensor six = scope.allocate(DType.FLOAT32, Shape.of(1, 1));
            backend.fill(two, 2);
            backend.fill(three, 3);
            backend.matmul(six, two, false, three, false, 1, 0);
            return backend.floats(six)[0];
        }
    }
}
