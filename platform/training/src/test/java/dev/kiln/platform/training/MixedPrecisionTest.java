package dev.kiln.platform.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.testkit.ReferenceBackend;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training with activations in bfloat16, on the reference backend. */
class MixedPrecisionTest {
    @TempDir Path temporary;

    private TinyRun run(String name) {
        return new TinyRun(temporary.resolve(name)).precision(Precision.BFLOAT16);
    }

    private static List<Double> losses(TinyRun run) throws Exception {
        run.steps(50).execute();
        return run.events.stream()
                .filter(RunEvent.Step.class::isInstance)
                .map(event -> ((RunEvent.Step) event).loss())
                .toList();
    }

    /** A rounding changes a number by at most 2⁻⁸ of it; a loss here by no more at any step. */
    @Test
    void bfloat16LearnsAsFloat32Does() throws Exception {
        List<Double> wide = losses(new TinyRun(temporary.resolve("float32")));
        List<Double> narrow = losses(run("bfloat16"));
        assertEquals(50, narrow.size());
        assertTrue(wide.getLast() < 0.6 * wide.getFirst(), "nothing was learned");
        assertNotEquals(wide, narrow);
        for (int step = 0; step < 50; step++) {
            assertEquals(wide.get(step), narrow.get(step), 0x1p-8 * wide.get(step), "step " + step);
        }
    }

    @Test
    void aCheckpointHoldsFloat32() throws Exception {
        Path folder = temporary.resolve("run");
        run("run").steps(3).execute();
        try (SafetensorsFile model = Runs.last(folder).openModel()) {
            boolean rounded = true;
            for (String name : model.names()) {
                assertEquals(StoredType.F32, model.describe(name).type(), name);
            }
            for (float[] weight : Runs.weights(folder)) {
                for (float x : weight) {
                    rounded &= (Float.floatToIntBits(x) & 0xffff) == 0;
                }
            }
            assertFalse(rounded, "the masters are all bfloat16");
        }
    }

    @Test
    void aRunThatWasKilledAndResumedEndsWithTheSameBits() throws Exception {
        run("whole").execute();
        assertThrows(Runs.Kill.class, Runs.killed(run("broken"), 7)::execute);
        run("broken").resumeAuto().execute();
        Runs.assertSameBits(
                Runs.weights(temporary.resolve("whole")),
                Runs.weights(temporary.resolve("broken")));
    }

    /** The reference backend as if it had float32 alone. */
    private static Backend withoutBfloat16() {
        ReferenceBackend reference = new ReferenceBackend();
        Capabilities less =
                new Capabilities(Set.of(DType.INT32, DType.FLOAT32), Set.of(), "an abacus", 1);
        return (Backend)
                Proxy.newProxyInstance(
                        Backend.class.getClassLoader(),
                        new Class<?>[] {Backend.class},
                        (proxy, method, arguments) ->
                                method.getName().equals("capabilities")
                                        ? less
                                        : method.invoke(reference, arguments));
    }

    /** A corpus that nobody may read yet. */
    private record Unread() implements TextSource {
        @Override
        public Stream<String> documents(Split split) {
            throw new AssertionError("the corpus was read");
        }
    }

    @Test
    void aBackendWithoutBfloat16IsRefusedBeforeTheCorpusIsRead() throws Exception {
        TinyRun asked = run("run").backend(MixedPrecisionTest::withoutBfloat16).data(new Unread());
        InvalidInput refused = assertThrows(InvalidInput.class, asked::execute);
        assertEquals(
                "precision: backend 'reference' (an abacus) computes in float32, not in"
                        + " bfloat16; give precision=float32 or another backend",
                refused.getMessage());
        assertFalse(Files.exists(temporary.resolve("run/config.yaml")), "the run began");
    }
}
