package dev.kiln.kernels;

import dev.kiln.spi.backend.DType;

/**
 * One head's vectors at the positions of a sequence, FLOAT32 or BFLOAT16.
 *
 * @param address of the first position's first channel
 * @param row bytes from a position to the next
 */
record HeadRows(DType type, long address, long row) {

    long at(int position) {
        return address + position * row;
    }

    /** Elements from a position to the one {@code step} later, as {@link Gemm} counts. */
    int lead(int step) {
        return Math.toIntExact(step * row / type.bytes());
    }

    /** The vectors so many channels on. */
    HeadRows shifted(int channels) {
        return new HeadRows(type, address + (long) type.bytes() * channels, row);
    }

    /** The vectors from a position on. */
    HeadRows from(int position) {
        return new HeadRows(type, at(position), row);
    }

    /** One vector as floats. */
    void read(long out, int position, int size) {
        if (type == DType.BFLOAT16) {
            Bfloat16.widen(out, at(position), size);
        } else {
            Rows.move(out, at(position), size);
        }
    }

    /** One vector from floats, rounded to the type. */
    void write(int position, long x, int size) {
        if (type == DType.BFLOAT16) {
            Bfloat16.narrow(at(position), x, size);
        } else {
            Rows.move(at(position), x, size);
        }
    }

    /** Vectors from a position on, as those of another of the same type from {@code first} on. */
    void copy(int position, HeadRows from, int first, int count, int size) {
        long bytes = (long) type.bytes() * size;
        for (int i = 0; i < count; i++) {
            Lanes.copy(at(position + i), from.at(first + i), bytes);
        }
    }

    /** Vectors from a position on, as those of another where both have one right after the other. */
    void copyBlock(HeadRows from, int position, int count) {
        Lanes.copy(at(position), from.at(position), count * row);
    }

    /** Zeros, for vectors of floats. */
    void clear(int count, int size) {
        for (int position = 0; position < count; position++) {
            Rows.clear(at(position), size);
        }
    }
}
