package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.INTS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * bfloat16, the upper half of a float32: one at a time, and runs of them to and from float32, rounded
 * to nearest even. NaN stays NaN.
 */
final class Bfloat16 {
    /** As many shorts as a vector has floats. */
    static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

    private static final int QUIET = 0x00400000;

    private Bfloat16() {}

    static float widen(short upperHalf) {
        return Float.intBitsToFloat(upperHalf << 16);
    }

    static short narrow(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits | QUIET) >>> 16);
        }
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }

    static float get(long address) {
        return widen(MEMORY.get(ValueLayout.JAVA_SHORT_UNALIGNED, address));
    }

    static void set(long address, float value) {
        MEMORY.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, narrow(value));
    }

    /** n floats from as many bfloat16. */
    static void widen(long out, long x, int n) {
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += Lanes.COUNT) {
            ((IntVector)
                            ShortVector.fromMemorySegment(SHORTS, MEMORY, x + 2L * j, ORDER)
                                    .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .intoMemorySegment(MEMORY, out + 4L * j, ORDER);
        }
        for (int j = whole; j < n; j++) {
            Lanes.set(out + 4L * j, get(x + 2L * j));
        }
    }

    /** n bfloat16 from as many floats; out may be x. */
    static void narrow(long out, long x, int n) {
        narrow(out, x, 1, n);
    }

    /** n bfloat16 from factor · as many floats, rounded once; out may be x. */
    static void narrow(long out, long x, float factor, int n) {
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += Lanes.COUNT) {
            FloatVector values =
                    FloatVector.fromMemorySegment(FLOATS, MEMORY, x + 4L * j, ORDER).mul(factor);
            IntVector bits = values.reinterpretAsInts();
            IntVector odd = bits.lanewise(LSHR, 16).and(1);
            bits.add(0x7fff)
                    .add(odd)
                    .blend(bits.or(QUIET), values.test(IS_NAN).cast(INTS))
                    .lanewise(LSHR, 16)
                    .convertShape(I2S, SHORTS, 0)
                    .reinterpretAsShorts()
                    .intoMemorySegment(MEMORY, out + 2L * j, ORDER);
        }
        for (int j = whole; j < n; j++) {
            set(out + 2L * j, factor * Lanes.get(x + 4L * j));
        }
    }

    /** sum = sum + x, for n floats and as many bfloat16. */
    static void add(long sum, long x, int n) {
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += Lanes.COUNT) {
            FloatVector.fromMemorySegment(FLOATS, MEMORY, sum + 4L * j, ORDER)
                    .add(
                            ((IntVector)
                                            ShortVector.fromMemorySegment(
                                                            SHORTS, MEMORY, x + 2L * j, ORDER)
                                                    .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                                    .lanewise(LSHL, 16)
                                    .reinterpretAsFloats())
                    .intoMemorySegment(MEMORY, sum + 4L * j, ORDER);
        }
        for (int j = whole; j < n; j++) {
            Lanes.set(sum + 4L * j, Lanes.get(sum + 4L * j) + get(x + 2L * j));
        }
    }

    /** sum = sum + four rows of x, one behind the other, in the order of {@link Rows#addSum}. */
    static void addFour(long sum, long x, int columns) {
        long row = 2L * columns;
        int whole = Lanes.whole(columns);
        for (int j = 0; j < whole; j += Lanes.COUNT) {
            long at = x + 2L * j;
            ShortVector a = ShortVector.fromMemorySegment(SHORTS, MEMORY, at, ORDER);
            ShortVector b = ShortVector.fromMemorySegment(SHORTS, MEMORY, at + row, ORDER);
            ShortVector c = ShortVector.fromMemorySegment(SHORTS, MEMORY, at + 2 * row, ORDER);
            ShortVector d = ShortVector.fromMemorySegment(SHORTS, MEMORY, at + 3 * row, ORDER);
            IntVector first = (IntVector) a.convertShape(ZERO_EXTEND_S2I, INTS, 0);
            IntVector second = (IntVector) b.convertShape(ZERO_EXTEND_S2I, INTS, 0);
            IntVector third = (IntVector) c.convertShape(ZERO_EXTEND_S2I, INTS, 0);
            IntVector fourth = (IntVector) d.convertShape(ZERO_EXTEND_S2I, INTS, 0);
            FloatVector left =
                    first.lanewise(LSHL, 16)
                            .reinterpretAsFloats()
                            .add(second.lanewise(LSHL, 16).reinterpretAsFloats());
            FloatVector right =
                    third.lanewise(LSHL, 16)
                            .reinterpretAsFloats()
                            .add(fourth.lanewise(LSHL, 16).reinterpretAsFloats());
            FloatVector.fromMemorySegment(FLOATS, MEMORY, sum + 4L * j, ORDER)
                    .add(left.add(right))
                    .intoMemorySegment(MEMORY, sum + 4L * j, ORDER);
        }
        for (int j = whole; j < columns; j++) {
            long at = x + 2L * j;
            float left = get(at) + get(at + row);
            float right = get(at + 2 * row) + get(at + 3 * row);
            Lanes.set(sum + 4L * j, Lanes.get(sum + 4L * j) + (left + right));
        }
    }
}
