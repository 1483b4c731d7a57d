package dev.kiln.testkit;

import static dev.kiln.spi.backend.WeightFormat.BLOCK;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Frozen weights whose elements are drawn as they are stored, so that nothing is quantized: values
 * with a deviation around 1, scales of either sign, all at odd addresses.
 */
final class FrozenExamples {
    /** Deviations of whole numbers drawn evenly from those that INT8 and INT4 have. */
    private static final float INT8_DEVIATION = 73.6f;

    private static final float INT4_DEVIATION = 4.6f;

    private final Arena arena;
    private final String name;
    private final WeightFormat format;
    private final long key;

    private FrozenExamples(Arena arena, String name, WeightFormat format) {
        this.arena = arena;
        this.name = name;
        this.format = format;
        this.key = Randomness.key(22, name);
    }

    /** [in, out] as linear takes it. */
    static FrozenWeight weight(Arena arena, String name, WeightFormat format, int in, int out) {
        FrozenExamples examples = new FrozenExamples(arena, name, format);
        MemorySegment elements = examples.elements(in, out);
        if (format == WeightFormat.INT4 && in % 2 == 1) {
            for (int column = 0; column < out; column++) {
                endWithZero(elements, (in / 2) * out + column);
            }
        }
        MemorySegment scales = examples.scales((in + BLOCK - 1) / BLOCK * out);
        return new FrozenWeight(name, Shape.of(in, out), format, false, elements, scales);
    }

    /** [rows, columns] as embedding and logits take it. */
    static FrozenWeight table(
            Arena arena, String name, WeightFormat format, int rows, int columns) {
        FrozenExamples examples = new FrozenExamples(arena, name, format);
        MemorySegment elements = examples.elements(columns, rows);
        if (format == WeightFormat.INT4 && columns % 2 == 1) {
            for (int row = 0; row < rows; row++) {
                endWithZero(elements, row * ((columns + 1) / 2) + columns / 2);
            }
        }
        MemorySegment scales = examples.scales((columns + BLOCK - 1) / BLOCK * rows);
        return new FrozenWeight(name, Shape.of(rows, columns), format, true, elements, scales);
    }

    private static void endWithZero(MemorySegment elements, int at) {
        int lower = elements.get(ValueLayout.JAVA_BYTE, at) & 15;
        elements.set(ValueLayout.JAVA_BYTE, at, (byte) (8 << 4 | lower));
    }

    /** Elements of so many sums, each of so many terms. */
    private MemorySegment elements(int terms, int sums) {
        return switch (format) {
            case FLOAT32 -> floats(Kit.normals(name, terms * sums));
            case BFLOAT16 -> bfloat16(Kit.normals(name, terms * sums));
            case INT8 -> bytes(terms * sums, 255, -127);
            case INT4 -> bytes((terms + 1) / 2 * sums, 256, 0);
        };
    }

    private MemorySegment scales(int count) {
        return switch (format) {
            case FLOAT32, BFLOAT16 -> MemorySegment.NULL;
            case INT8 -> scales(count, INT8_DEVIATION);
            case INT4 -> scales(count, INT4_DEVIATION);
        };
    }

    private MemorySegment scales(int count, float deviation) {
        long draws = Randomness.key(23, name);
        float[] scales = new float[count];
        for (int i = 0; i < count; i++) {
            float size = (0.5f + (float) Randomness.uniform(draws, i)) / deviation;
            scales[i] = Randomness.below(key, i, 2) == 0 ? size : -size;
        }
        return floats(scales);
    }

    private MemorySegment floats(float[] values) {
        MemorySegment segment = unaligned(4L * values.length);
        MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values.length);
        return segment;
    }

    private MemorySegment bfloat16(float[] values) {
        MemorySegment segment = unaligned(2L * values.length);
        for (int i = 0; i < values.length; i++) {
            short rounded = Bfloat16.narrow(Bfloat16.nearest(values[i]));
            segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, rounded);
        }
        return segment;
    }

    private MemorySegment bytes(int count, int bound, int least) {
        MemorySegment segment = unaligned(count);
        for (int i = 0; i < count; i++) {
            int drawn = least + (int) Randomness.below(key, i, bound);
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) drawn);
        }
        return segment;
    }

    private MemorySegment unaligned(long bytes) {
        return arena.allocate(bytes + 1, 16).asSlice(1);
    }
}
