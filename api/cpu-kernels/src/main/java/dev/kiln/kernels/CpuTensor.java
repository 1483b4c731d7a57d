package dev.kiln.kernels;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.lang.foreign.MemorySegment;

/** A tensor in a block of the pool. */
public final class CpuTensor implements Tensor {
    private final DType type;
    private final Shape shape;
    private final MemorySegment block;
    private boolean alive = true;

    /** Its place in its scope's list. */
    int place;

    CpuTensor(DType type, Shape shape, MemorySegment block) {
        this.type = type;
        this.shape = shape;
        this.block = block;
    }

    @Override
    public DType type() {
        return type;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    /**
     * Where its first element is: a multiple of 64.
     *
     * @throws IllegalStateException when it was released or its scope was closed
     */
    public long address() {
        if (!alive) {
            throw new IllegalStateException(this + " is used after its end");
        }
        return block.address();
    }

    /** The block, for the last time. */
    MemorySegment die() {
        alive = false;
        return block;
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
