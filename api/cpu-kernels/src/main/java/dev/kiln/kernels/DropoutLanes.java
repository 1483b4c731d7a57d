package dev.kiln.kernels;

import dev.kiln.spi.Randomness;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Randomness#bits32} for a vector of counters. */
final class DropoutLanes {
    private DropoutLanes() {}

    /**
     * x where kept, times scale; else 0.
     *
     * @param threshold of {@link Randomness#dropThreshold}
     * @param scale 1 / (1 - rate)
     */
    static FloatVector apply(
            FloatVector x, IntVector counters, long key, int threshold, float scale) {
        VectorMask<Integer> dropped =
                bits(counters, (int) key, (int) (key >>> 32))
                        .compare(VectorOperators.ULT, threshold);
        return x.mul(scale).blend(0f, dropped.cast(Lanes.FLOATS));
    }

    private static IntVector bits(IntVector counters, int low, int high) {
        IntVector x = counters.lanewise(VectorOperators.XOR, low);
        x = fold(x, 16).mul(0x7feb352d);
        x = fold(x, 15).add(high).mul(0x846ca68b);
        return fold(x, 16);
    }

    private static IntVector fold(IntVector x, int shift) {
        return x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, shift));
    }
}
