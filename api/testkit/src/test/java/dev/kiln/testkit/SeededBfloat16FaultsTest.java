package dev.kiln.testkit;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** What goes wrong in mixed precision fails the contract; what it allows does not. */
class SeededBfloat16FaultsTest {
    private static final String LINEAR =
            "bfloat16LinearRoundsItsWeightNotItsGradient(int, int, int)";

    /** Computes linear without a bias anew: sums pass through one rounding, the end through another. */
    private static Backend linear(DoubleUnaryOperator everySum, DoubleUnaryOperator end) {
        return FaultyBackend.after(
                "linear",
                (reference, arguments) -> {
                    Tensor out = (Tensor) arguments[0];
                    if (arguments.length == 3 && out.type() == DType.BFLOAT16) {
                        double[] x = reference.values((Tensor) arguments[1]);
                        Weight weight = (Weight) arguments[2];
                        double[] w = reference.values(weight.value());
                        reference.set(out, product(x, w, weight.shape().columns(), everySum, end));
                    }
                });
    }

    private static double[] product(
            double[] x,
            double[] w,
            int columns,
            DoubleUnaryOperator every,
            DoubleUnaryOperator end) {
        int inner = w.length / columns;
        double[] out = new double[x.length / inner * columns];
        for (int i = 0; i < out.length; i++) {
            double sum = 0;
            for (int k = 0; k < inner; k++) {
                double factor = Bfloat16.nearest(w[k * columns + i % columns]);
                sum = every.applyAsDouble(sum + x[i / columns * inner + k] * factor);
            }
            out[i] = end.applyAsDouble(sum);
        }
        return out;
    }

    private static double cut(double x) {
        return Float.intBitsToFloat(Float.floatToIntBits((float) x) & 0xffff0000);
    }

    static class Float32Only extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.without(DType.BFLOAT16);
        }
    }

    @Test
    void aBackendOfFloat32AloneSkipsTheseClauses() {
        Failures.skipped(Float32Only.class, LINEAR);
        Failures.none(Float32Only.class, "linearIsAProductWithAWeight(int, int, int)");
    }

    static class CutsOff extends BackendContract {
        @Override
        protected Backend createBackend() {
            return linear(x -> x, SeededBfloat16FaultsTest::cut);
        }
    }

    @Test
    void resultsThatAreCutOffAreFound() {
        Failures.mustName("bfloat16: linear and its gradients", CutsOff.class, LINEAR);
    }

    static class SumsInBfloat16 extends BackendContract {
        @Override
        protected Backend createBackend() {
            return linear(Bfloat16::nearest, x -> x);
        }
    }

    @Test
    void sumsInBfloat16AreFound() {
        Failures.mustName("bfloat16: linear and its gradients", SumsInBfloat16.class, LINEAR);
    }

    static class SumsInFloat32 extends BackendContract {
        @Override
        protected Backend createBackend() {
            return linear(x -> (float) x, x -> x);
        }
    }

    @Test
    void sumsInFloat32AreAllowed() {
        Failures.none(SumsInFloat32.class, LINEAR);
    }

    static class RoundsTheGradient extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.of("linearBackwardWeight", (x, i) -> Bfloat16.nearest(x[i]));
        }
    }

    @Test
    void aWeightsGradientInBfloat16IsFound() {
        Failures.mustName("bfloat16: linear and its gradients", RoundsTheGradient.class, LINEAR);
    }

    static class RoundsTheLoss extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.of("projectedCrossEntropy", (x, i) -> Bfloat16.nearest(x[i]));
        }
    }

    @Test
    void lossesInBfloat16AreFound() {
        Failures.mustName(
                "bfloat16: projectedCrossEntropy",
                RoundsTheLoss.class,
                "bfloat16ProjectedCrossEntropyHasFloat32Losses(int, int, int)");
    }

    static class CutsInACast extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.after(
                    "cast",
                    (reference, arguments) -> {
                        double[] x = reference.values((Tensor) arguments[1]);
                        for (int i = 0; i < x.length; i++) {
                            x[i] = cut(x[i]);
                        }
                        reference.set((Tensor) arguments[0], x);
                    });
        }
    }

    @Test
    void aCastThatCutsOffIsFound() {
        Failures.mustName("bfloat16: cast rounds", CutsInACast.class, "castRoundsToNearestEven()");
    }

    /** As where probabilities are rounded before they are multiplied with values. */
    static class OneUnitOff extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.of(
                    "attention",
                    (x, i) -> x[i] + (i % 4 == 0 ? Bfloat16.ulp(x[i]) : 0) * (i % 8 == 0 ? 1 : -1));
        }
    }

    @Test
    void attentionThatRoundsItsProbabilitiesIsAllowed() {
        Failures.none(
                OneUnitOff.class, "bfloat16AttentionSeesTheKeysOfItsLayout(int, int, int, int)");
    }
}
