package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.CompactMoment;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Moments of one byte an element. Skipped where the backend has no UINT8, or refuses the update.
 *
 * <p>A draw beside the probability that it decides may fall to the other side of it, by a rounding
 * in float32: one code in a thousand may be the oracle's neighbour.
 */
interface CompactMomentClauses extends Clauses {

    private static AdamWStep step(long step) {
        return new AdamWStep(step, 0.02, 0.9, 0.95, 1e-8, 0.1, 0.5);
    }

    private void assumeCompact() {
        Backend backend = bench().backend();
        Assumptions.assumeTrue(
                backend.capabilities().types().contains(DType.UINT8),
                "the backend does not declare UINT8");
        try (Scope scope = backend.scope()) {
            CompactState.zero(new Kit(backend, scope), "one", 1).update(step(1));
        } catch (InvalidInput refused) {
            Assumptions.abort(refused.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 17, 255, 256, 257, 513, 5003, 70001})
    default void adamWCompactIsAdamWOfWhatTheCodesStandFor(int size) {
        assumeCompact();
        List<int[]> codes = new ArrayList<>();
        bench().check(
                        "adamWCompact: the weight and the scales of a step, " + size + " elements",
                        kit -> {
                            CompactState state = CompactState.random(kit, "weight", size);
                            state.update(step(7));
                            kit.show("weight", state.weight().value(), 10, 1);
                            kit.show("scales of the first", state.first().scales(), 10, 1);
                            kit.show("scales of the second", state.second().scales(), 10, 1);
                            codes.add(state.firstCodes());
                            codes.add(state.secondCodes());
                        });
        for (int moment = 0; moment < 2; moment++) {
            assertArrayEquals(
                    codes.get(moment),
                    codes.get(moment + 2),
                    "broken clause: the same calls give the same codes");
            assertNeighbours(codes.get(moment + 4), codes.get(moment));
        }
    }

    private static void assertNeighbours(int[] expected, int[] actual) {
        int others = 0;
        for (int i = 0; i < actual.length; i++) {
            int distance = Math.abs(expected[i] - actual[i]);
            assertTrue(
                    distance <= 1,
                    "broken clause: adamWCompact: code "
                            + i
                            + " is "
                            + actual[i]
                            + ", expected "
                            + expected[i]);
            others += distance;
        }
        assertTrue(
                others <= 1 + actual.length / 1000,
                "broken clause: adamWCompact: the draw is a function of name, index and step; "
                        + others
                        + " codes are others");
    }

    @Test
    default void adamWCompactOfZeroGradientsOnlyDecays() {
        assumeCompact();
        bench().check(
                        "adamWCompact of gradients and moments that are 0",
                        kit -> {
                            CompactState state = CompactState.zero(kit, "weight", 300);
                            kit.backend().fill(state.weight().gradient(), 0);
                            state.update(step(1));
                            state.update(step(2));
                            kit.show("weight", state.weight().value());
                            double[] moments = state.firstValues();
                            assertArrayEquals(new double[300], moments, "moments stay 0");
                        });
    }

    @Test
    default void adamWCompactTakesHugeAndTinyGradientsSideBySide() {
        assumeCompact();
        bench().check(
                        "adamWCompact of gradients from 1e-15 to 1e15",
                        kit -> {
                            CompactState state = CompactState.zero(kit, "weight", 1000);
                            float[] gradient = Kit.normals("gradient", 1000);
                            for (int i = 0; i < gradient.length; i++) {
                                gradient[i] *= i < 512 ? 1e-15f : i % 3 == 0 ? 1e15f : 1e-15f;
                            }
                            kit.backend().upload(state.weight().gradient(), gradient);
                            for (int step = 1; step <= 3; step++) {
                                state.update(step(step));
                                kit.show("weight", state.weight().value(), 10, 1);
                            }
                            assertTrue(
                                    Arrays.stream(state.secondCodes()).allMatch(code -> code > 0),
                                    "broken clause: a second moment above zero keeps a code above zero");
                        });
    }

    /** All elements but the first of a block are 0.3 of it; no code stands for 0.3 or 0.3². */
    @Test
    default void adamWCompactRoundsToTheMomentInTheMean() {
        assumeCompact();
        Backend backend = bench().backend();
        try (Scope scope = backend.scope()) {
            int size = 256 * CompactMoment.BLOCK;
            CompactState state = CompactState.zero(new Kit(backend, scope), "weight", size);
            float[] gradient = new float[size];
            for (int i = 0; i < size; i++) {
                gradient[i] = i % CompactMoment.BLOCK == 0 ? 1 : 0.3f;
            }
            backend.upload(state.weight().gradient(), gradient);
            state.update(new AdamWStep(1, 0, 0.9, 0.95, 1e-8, 0, 1));
            // Between 69² and 70² of 127², and between 139⁴ and 140⁴ of 255⁴.
            assertMean(0.1, 0.3, (70 * 70 - 69 * 69) / (127.0 * 127), state.firstValues());
            assertMean(
                    0.05,
                    0.09,
                    (Math.pow(140, 4) - Math.pow(139, 4)) / Math.pow(255, 4),
                    state.secondValues());
        }
    }

    /** Within five deviations of a mean of two numbers that are so far apart. */
    private static void assertMean(double scale, double right, double apart, double[] values) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += i % CompactMoment.BLOCK == 0 ? 0 : values[i] / scale;
        }
        int count = values.length - values.length / CompactMoment.BLOCK;
        assertEquals(
                right,
                sum / count,
                5 * apart / 2 / Math.sqrt(count),
                "broken clause: adamWCompact: a code is the moment in the mean");
    }

    /**
     * Gradients that point somewhere, with noise of three times their size, as a run's do. The oracle
     * is off by 0.9 %.
     */
    @Test
    default void manyStepsOfAdamWCompactStayBesideAdamW() {
        assumeCompact();
        Backend backend = bench().backend();
        try (Scope scope = backend.scope()) {
            Kit kit = new Kit(backend, scope);
            int size = 3000;
            CompactState state = CompactState.zero(kit, "weight", size);
            double[] start = kit.values(state.weight().value());
            CompactState exact = CompactState.zero(kit, "weight", size);
            List<Tensor> first = List.of(kit.filled(0, size));
            List<Tensor> second = List.of(kit.filled(0, size));
            float[] direction = Kit.normals("direction", size);
            for (int step = 1; step <= 200; step++) {
                float[] gradient = Kit.normals("gradient " + step, size);
                for (int i = 0; i < size; i++) {
                    gradient[i] += direction[i] / 3;
                }
                AdamWStep numbers = new AdamWStep(step, 0.01, 0.9, 0.95, 1e-8, 0, 1);
                backend.upload(state.weight().gradient(), gradient);
                state.update(numbers);
                backend.upload(exact.weight().gradient(), gradient);
                backend.adamW(List.of(exact.weight()), first, second, numbers);
            }
            double[] right = kit.values(exact.weight().value());
            double off = distance(right, kit.values(state.weight().value()));
            assertTrue(
                    off < 0.02 * distance(right, start),
                    "broken clause: adamWCompact stays beside adamW; it is off by "
                            + off / distance(right, start)
                            + " of the way");
        }
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum = Math.hypot(sum, a[i] - b[i]);
        }
        return sum;
    }
}
