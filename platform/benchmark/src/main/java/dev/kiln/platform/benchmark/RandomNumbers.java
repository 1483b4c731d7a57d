package dev.kiln.platform.benchmark;

import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Random contents, the same in every run. A few are drawn, then repeated. */
final class RandomNumbers {
    private static final int DRAWN = 65_521; // a prime, so that rows differ
    private static final double SCALE = 0.02;

    private RandomNumbers() {}

    /** With mean 0 and this standard deviation, uniform. */
    static float[] floats(int count, double deviation) {
        float[] values = new float[count];
        int drawn = Math.min(count, DRAWN);
        RandomGenerator random = generator();
        float bound = (float) (deviation * Math.sqrt(3));
        for (int i = 0; i < drawn && bound > 0; i++) {
            values[i] = random.nextFloat(-bound, bound);
        }
        for (int i = drawn; i < count; i += DRAWN) {
            System.arraycopy(values, 0, values, i, Math.min(DRAWN, count - i));
        }
        return values;
    }

    /** The same, not on the heap: what is as large as a weight would widen it for good. */
    static MemorySegment floats(long count, double deviation, Arena arena) {
        MemorySegment values = arena.allocate(ValueLayout.JAVA_FLOAT, count);
        int drawn = (int) Math.min(count, DRAWN);
        repeat(MemorySegment.ofArray(floats(drawn, deviation)), values);
        return values;
    }

    /** Ids in [0, vocabulary). */
    static int[] ids(int count, int vocabulary, long seed) {
        return RandomGeneratorFactory.getDefault()
                .create(seed)
                .ints(count, 0, vocabulary)
                .toArray();
    }

    /** Fills a frozen weight's elements; those of INT8 and INT4 are whole numbers before scaling. */
    static void fillElements(MemorySegment elements, WeightFormat format) {
        repeat(MemorySegment.ofArray(elements(format)), elements);
    }

    private static void repeat(MemorySegment some, MemorySegment out) {
        for (long at = 0; at < out.byteSize(); at += some.byteSize()) {
            long bytes = Math.min(some.byteSize(), out.byteSize() - at);
            MemorySegment.copy(some, 0, out, at, bytes);
        }
    }

    private static byte[] elements(WeightFormat format) {
        byte[] bytes = new byte[DRAWN * Float.BYTES];
        MemorySegment segment = MemorySegment.ofArray(bytes);
        float[] values = floats(DRAWN, SCALE);
        generator().nextBytes(bytes);
        switch (format) {
            case FLOAT32 ->
                    MemorySegment.copy(
                            values, 0, segment, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, DRAWN);
            case BFLOAT16 -> {
                for (int i = 0; i < 2 * DRAWN; i++) {
                    int bits = Float.floatToRawIntBits(values[i % DRAWN]);
                    segment.set(
                            ValueLayout.JAVA_SHORT_UNALIGNED,
                            (long) Short.BYTES * i,
                            (short) (bits >>> 16));
                }
            }
            case INT8 -> {
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) Math.max(-127, bytes[i]);
                }
            }
            case INT4 -> {}
        }
        return bytes;
    }

    static void fillScales(MemorySegment scales) {
        for (long at = 0; at < scales.byteSize(); at += Float.BYTES) {
            scales.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) (SCALE / 8));
        }
    }

    private static RandomGenerator generator() {
        return RandomGeneratorFactory.getDefault().create(1);
    }
}
