package dev.kiln.platform.storage;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Float32 to and from what files hold: widening is exact, narrowing rounds to the nearest, to the
 * even one of two. Segments are in native order and need not be aligned.
 */
final class Floats {
    private static final ValueLayout.OfFloat SINGLE = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;

    private Floats() {}

    /**
     * Reads elements {@code from} to {@code from + count} of a tensor.
     *
     * @throws IllegalArgumentException when the type is not F32, F16 or BF16
     */
    static void read(StoredType type, MemorySegment source, long from, float[] target, int count) {
        long start = from * (type.bits() / Byte.SIZE);
        switch (type) {
            case F32 -> MemorySegment.copy(source, SINGLE, start, target, 0, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = Float.float16ToFloat(source.get(HALF, start + 2L * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = fromBfloat16(source.get(HALF, start + 2L * i));
                }
            }
            case BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E4M3, F8_E5M2, F8_E8M0 -> refuse(type);
            case F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, I32, U32, C64, I64, U64, F64 -> refuse(type);
        }
    }

    /**
     * Writes elements to the start of a segment.
     *
     * @throws IllegalArgumentException when the type is not F32, F16 or BF16
     */
    static void write(StoredType type, float[] source, MemorySegment target, int count) {
        switch (type) {
            case F32 -> MemorySegment.copy(source, 0, target, SINGLE, 0, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target.set(HALF, 2L * i, Float.floatToFloat16(source[i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target.set(HALF, 2L * i, toBfloat16(source[i]));
                }
            }
            case BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E4M3, F8_E5M2, F8_E8M0 -> refuse(type);
            case F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, I32, U32, C64, I64, U64, F64 -> refuse(type);
        }
    }

    /** A bfloat16 is the upper half of a float32. */
    private static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    private static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40); // Rounding could make an infinity of it.
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    private static void refuse(StoredType type) {
        throw new IllegalArgumentException(type + " holds no floats that Kiln knows");
    }
}
