package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.INTS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ULT;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Dropout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Dropout of elements whose counters are one after the other, by {@link Randomness#bits32}.
 *
 * @param threshold of {@link Randomness#dropThreshold}
 * @param scale 1 / (1 - rate)
 */
record Dropping(long key, int threshold, float scale) {

    static Dropping of(Dropout dropout, long key) {
        return new Dropping(
                key, Randomness.dropThreshold(dropout.rate()), (float) (1 / (1 - dropout.rate())));
    }

    /**
     * @param counter of the first of n elements
     */
    void apply(long out, long x, int n, int counter) {
        int whole = Lanes.whole(n);
        vectors(out, x, whole, counter, (int) key, (int) (key >>> 32), threshold, scale);
        for (int j = whole; j < n; j++) {
            int bits = Randomness.bits32(key, counter + j);
            boolean kept = Integer.compareUnsigned(bits, threshold) >= 0;
            Lanes.set(out + 4L * j, kept ? scale * Lanes.get(x + 4L * j) : 0);
        }
    }

    private static void vectors(
            long out, long x, int n, int counter, int low, int high, int threshold, float scale) {
        IntVector places = IntVector.zero(INTS).addIndex(1);
        for (int j = 0; j < n; j += COUNT) {
            IntVector bits = places.add(counter + j).lanewise(XOR, low);
            bits = bits.lanewise(XOR, bits.lanewise(LSHR, 16)).mul(0x7feb352d);
            bits = bits.lanewise(XOR, bits.lanewise(LSHR, 15)).add(high).mul(0x846ca68b);
            bits = bits.lanewise(XOR, bits.lanewise(LSHR, 16));
            FloatVector scaled = fromMemorySegment(FLOATS, MEMORY, x + 4L * j, ORDER).mul(scale);
            scaled.blend(0f, bits.compare(ULT, threshold).cast(FLOATS))
                    .intoMemorySegment(MEMORY, out + 4L * j, ORDER);
        }
    }

    /**
     * Of scores [columns, lanes], in place: the counter of a score is its lane's, one of {@code
     * counters}, plus its column's, which goes from {@code first} on in steps.
     */
    void applyDown(long scores, int columns, int lanes, long counters, int first, int step) {
        int low = (int) key;
        int high = (int) (key >>> 32);
        for (int lane = 0; lane < lanes; lane += COUNT) {
            IntVector places =
                    IntVector.fromMemorySegment(INTS, MEMORY, counters + 4L * lane, ORDER);
            for (int j = 0; j < columns; j++) {
                long at = scores + 4L * ((long) j * lanes + lane);
                IntVector bits = places.add(first + j * step).lanewise(XOR, low);
                bits = bits.lanewise(XOR, bits.lanewise(LSHR, 16)).mul(0x7feb352d);
                bits = bits.lanewise(XOR, bits.lanewise(LSHR, 15)).add(high).mul(0x846ca68b);
                bits = bits.lanewise(XOR, bits.lanewise(LSHR, 16));
                FloatVector scaled = fromMemorySegment(FLOATS, MEMORY, at, ORDER).mul(scale);
                scaled.blend(0f, bits.compare(ULT, threshold).cast(FLOATS))
                        .intoMemorySegment(MEMORY, at, ORDER);
            }
        }
    }
}
