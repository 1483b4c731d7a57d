package dev.kiln.kernels;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Tensors whose blocks go back to the pool. */
final class CpuScope implements Scope {
    private final BlockPool pool;
    private final List<CpuTensor> living = new ArrayList<>();
    private boolean closed;

    CpuScope(BlockPool pool) {
        this.pool = pool;
    }

    @Override
    public CpuTensor allocate(DType type, Shape shape) {
        if (type != DType.FLOAT32 && type != DType.INT32) {
            throw new InvalidInput(
                    "this backend has no "
                            + type
                            + " tensors, only FLOAT32 and INT32; choose precision float32 or another"
                            + " backend");
        }
        if (closed) {
            throw new IllegalStateException("allocate " + type + shape + ": the scope is closed");
        }
        CpuTensor tensor =
                new CpuTensor(type, shape, pool.take(type.bytes() * shape.size(), shape));
        tensor.place = living.size();
        living.add(tensor);
        return tensor;
    }

    @Override
    public void release(Tensor tensor) {
        CpuTensor released = (CpuTensor) tensor;
        if (released.place >= living.size() || living.get(released.place) != released) {
            throw new IllegalArgumentException(
                    "release: " + tensor + " is not alive in this scope");
        }
        CpuTensor last = living.removeLast();
        if (last != released) {
            last.place = released.place;
            living.set(last.place, last);
        }
        pool.give(released.die());
    }

    /** In reverse order, so that the pool hands the blocks out in the first order again. */
    @Override
    public void close() {
        while (!living.isEmpty()) {
            pool.give(living.removeLast().die());
        }
        closed = true;
    }
}
