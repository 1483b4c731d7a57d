package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.INTS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
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
                                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(VectorOperators.LSHL, 16)
                    .intoMemorySegment(MEMORY, out + 4L * j, ORDER);
        }
        for (int j = whole; j < n; j++) {
            Lanes.set(out + 4L * j, get(x + 2L * j));
        }
    }

    /** n bfloat16 from as many floats; out may be x. */
    static void narrow(long out, long x, int n) {
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += Lanes.COUNT) {
            FloatVector values = FloatVector.fromMemorySegment(FLOATS, MEMORY, x + 4L * j, ORDER);
            IntVector bits = values.reinterpretAsInts();
            IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            bits.add(0x7fff)
                    .add(odd)
                    .blend(bits.or(QUIET), values.test(VectorOperators.IS_NAN).cast(INTS))
                    .lanewise(VectorOperators.LSHR, 16)
                    .convertShape(VectorOperators.I2S, SHORTS, 0)
                    .reinterpretAsShorts()
                    .intoMemorySegment(MEMORY, out + 2L * j, ORDER);
        }
        for (int j = whole; j < n; j++) {
            set(out + 2L * j, Lanes.get(x + 4L * j));
        }
    }
}
