package dev.kiln.platform.benchmark;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;

/** Bytes of a frozen weight's elements and of its scales. */
record Stored(long elementBytes, long scaleBytes) {

    /**
     * @param table whether rows are what products sum over; see {@link
     *     dev.kiln.spi.backend.FrozenWeight}
     */
    static Stored of(WeightFormat format, Shape shape, boolean table) {
        long summed = table ? shape.columns() : shape.rows();
        long others = shape.size() / summed;
        long scales = format.scaled() ? Float.BYTES * others * ceil(summed, WeightFormat.BLOCK) : 0;
        return switch (format) {
            case FLOAT32 -> new Stored(Float.BYTES * shape.size(), scales);
            case BFLOAT16 -> new Stored(Short.BYTES * shape.size(), scales);
            case INT8 -> new Stored(shape.size(), scales);
            case INT4 -> new Stored(others * ceil(summed, 2), scales);
        };
    }

    private static long ceil(long n, long of) {
        return (n + of - 1) / of;
    }

    long bytes() {
        return elementBytes + scaleBytes;
    }
}
