package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Float32 to and from what files hold: widening is exact, narrowing rounds to the nearest, to the
 * even one of two. Segments are in native order and need not be aligned.
 */
final class Floats {
    private static final ValueLayout.OfFloat SINGLE = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;

    private static final int PIECE = 1 << 14;

    private Floats() {}

    /**
     * Reads elements {@code from} to {@code from + count} of a tensor.
     *
     * @throws IllegalArgumentException when the type is not F32, F64, F16 or BF16
     */
    static void read(StoredType type, MemorySegment source, long from, float[] target, int count) {
        long start = from * (type.bits() / Byte.SIZE);
        switch (type) {
            case F32 -> MemorySegment.copy(source, SINGLE, start, target, 0, count);
            case F16 -> {
                short[] halves = halves(source, start, count);
                for (int i = 0; i < count; i++) {
                    target[i] = Float.float16ToFloat(halves[i]);
                }
            }
            case BF16 -> {
                short[] halves = halves(source, start, count);
                for (int i = 0; i < count; i++) {
                    target[i] = Float.intBitsToFloat(halves[i] << 16); // its upper half
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = (float) source.get(DOUBLE, start + (long) i * Double.BYTES);
                }
            }
            case BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E4M3, F8_E5M2, F8_E8M0 -> refuse(type);
            case F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, I32, U32, C64, I64, U64 -> refuse(type);
        }
    }

    /** Through an array, over which the loops become vector code. */
    private static short[] halves(MemorySegment source, long start, int count) {
        short[] halves = new short[count];
        MemorySegment.copy(source, HALF, start, halves, 0, count);
        return halves;
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
                short[] halves = new short[count];
                for (int i = 0; i < count; i++) {
                    halves[i] = Float.floatToFloat16(source[i]);
                }
                MemorySegment.copy(halves, 0, target, HALF, 0, count);
            }
            case BF16 -> {
                short[] halves = new short[count];
                for (int i = 0; i < count; i++) {
                    halves[i] = toBfloat16(source[i]);
                }
                MemorySegment.copy(halves, 0, target, HALF, 0, count);
            }
            case BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E4M3, F8_E5M2, F8_E8M0 -> refuse(type);
            case F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, I32, U32, C64, I64, U64, F64 -> refuse(type);
        }
    }

    /** Writes all elements of a segment of one type to the start of another's, in small pieces. */
    static void convert(
            StoredType from, MemorySegment source, StoredType to, MemorySegment target) {
        long size = source.byteSize() * Byte.SIZE / from.bits();
        float[] piece = new float[(int) Math.min(PIECE, size)];
        for (long at = 0; at < size; at += PIECE) {
            int count = (int) Math.min(PIECE, size - at);
            read(from, source, at, piece, count);
            write(to, piece, target.asSlice(at * to.bits() / Byte.SIZE), count);
        }
    }

    /** For weights that are to be passed on, and of which no model could be made again. */
    static InvalidInput notFinite(String weight, float value) {
        return new InvalidInput(
                "weight '" + weight + "' holds " + value + ", expected a finite number");
    }

    /**
     * Checks elements of a type that {@link #read} takes.
     *
     * @throws InvalidInput when one is NaN or infinite; names the weight
     */
    static void requireFinite(String weight, StoredType type, MemorySegment elements) {
        long size = elements.byteSize() * Byte.SIZE / type.bits();
        float[] piece = new float[(int) Math.min(PIECE, size)];
        for (long at = 0; at < size; at += PIECE) {
            int count = (int) Math.min(PIECE, size - at);
            read(type, elements, at, piece, count);
            requireFinite(weight, piece, count);
        }
    }

    private static void requireFinite(String weight, float[] values, int count) {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(values[i])) {
                throw notFinite(weight, values[i]);
            }
        }
    }

    private static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int rounded = bits + 0x7fff + (bits >>> 16 & 1);
        int quietNan = bits | 0x400000; // Rounding could make an infinity of it.
        return (short) ((Float.isNaN(value) ? quietNan : rounded) >>> 16);
    }

    private static void refuse(StoredType type) {
        throw new IllegalArgumentException(type + " holds no floats that Kiln knows");
    }
}
