package dev.kiln.platform.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.CompactMoment;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.training.Optimizer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose optimizer keeps its state in bytes. */
class CompactOptimizerTest {
    @TempDir Path temporary;

    private TinyRun run(String name) {
        return new TinyRun(temporary.resolve(name))
                .optimizer("compact", CompactOptimizerTest::compact);
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

    @Test
    void aCheckpointHoldsBytesAndTheirScales() throws Exception {
        run("run").steps(3).execute();
        try (SafetensorsFile state = Runs.last(temporary.resolve("run")).openOptimizer()) {
            assertEquals(StoredType.U8, state.describe("m.wte.weight.codes").type());
            assertEquals(List.of(257L, 8L), state.describe("m.wte.weight.codes").shape());
            assertEquals(StoredType.F32, state.describe("m.wte.weight.scales").type());
            assertEquals(List.of(9L), state.describe("m.wte.weight.scales").shape());
        }
    }

    @Test
    void aStateOfTheOtherKindIsRefusedInOneLine() throws Exception {
        Path folder = temporary.resolve("run");
        assertThrows(Runs.Kill.class, Runs.killed(run("run"), 7)::execute);
        InvalidInput refused =
                assertThrows(InvalidInput.class, () -> new TinyRun(folder).resumeAuto().execute());
        assertEquals(
                folder
                        + ": can't resume: other options than in config.yaml: optimizer compact ->"
                        + " adamw; begin another run with out=FOLDER, or allow them with resume.allow",
                refused.getMessage());
    }

    private static Optimizer.Attached compact(Backend backend, Scope scope, List<Weight> weights) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        List<CompactMoment> first = moments("m.", backend, scope, weights, state);
        List<CompactMoment> second = moments("v.", backend, scope, weights, state);
        return new Optimizer.Attached() {
            @Override
            public void update(long step, double rate, double gradientScale) {
                backend.adamWCompact(
                        weights,
                        first,
                        second,
                        new AdamWStep(step, rate, 0.9, 0.95, 1e-8, 0.1, gradientScale));
                // The reference backend computes in double; what a checkpoint keeps is float32.
                weights.forEach(weight -> TinyRun.round(backend, weight.value()));
                first.forEach(moment -> TinyRun.round(backend, moment.scales()));
                second.forEach(moment -> TinyRun.round(backend, moment.scales()));
            }

            @Override
            public Map<String, Tensor> state() {
                return state;
            }
        };
    }

    private static List<CompactMoment> moments(
            String prefix,
            Backend backend,
            Scope scope,
            List<Weight> weights,
            Map<String, Tensor> state) {
        List<CompactMoment> moments = new ArrayList<>();
        for (Weight weight : weights) {
            int size = Math.toIntExact(weight.shape().size());
            Tensor codes = scope.allocate(DType.UINT8, weight.shape());
            backend.upload(codes, MemorySegment.ofArray(new byte[size]));
            int blocks = Math.ceilDiv(size, CompactMoment.BLOCK);
            Tensor scales = scope.allocate(DType.FLOAT32, Shape.of(blocks));
            backend.fill(scales, 0);
            moments.add(new CompactMoment(codes, scales));
            state.put(prefix + weight.name() + ".codes", codes);
            state.put(prefix + weight.name() + ".scales", scales);
        }
        return moments;
    }
}
