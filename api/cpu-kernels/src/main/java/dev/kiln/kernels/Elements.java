package dev.kiln.kernels;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Tensor;

/**
 * Where a float tensor is. Kernels compute on float32: elements of FLOAT32 where they are, those of
 * BFLOAT16 widened in scratch, so few at a time that the scratch stays in the first level of the
 * cache, and rounded once when they are stored.
 */
record Elements(DType type, long address) {

    static Elements of(Tensor tensor) {
        return new Elements(tensor.type(), ((CpuTensor) tensor).address());
    }

    boolean wide() {
        return type == DType.FLOAT32;
    }

    /** Where an element is stored. */
    long at(long element) {
        return address + type.bytes() * element;
    }

    /** Where n float32 can be read: their own place, or scratch. */
    long read(long first, int n, long scratch) {
        if (wide()) {
            return at(first);
        }
        load(first, n, scratch);
        return scratch;
    }

    /** Copies n float32 to scratch. */
    void load(long first, int n, long scratch) {
        if (wide()) {
            Rows.copy(scratch, at(first), n);
        } else {
            Bfloat16.widen(scratch, at(first), n);
        }
    }

    /** Where float32 can be written that {@link #store} then keeps: their own place, or scratch. */
    long place(long first, long scratch) {
        return wide() ? at(first) : scratch;
    }

    /** Keeps n float32, which may be in their own place already. */
    void store(long first, int n, long from) {
        if (!wide()) {
            Bfloat16.narrow(at(first), from, n);
        } else if (from != at(first)) {
            Rows.copy(at(first), from, n);
        }
    }
}
