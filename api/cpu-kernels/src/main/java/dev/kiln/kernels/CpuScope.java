package dev.kiln.kernels;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Tensors whose blocks go back to the pool. */
final class CpuScope implements Scope {
    private final BlockPool pool;
    private final Set<DType> types;
    private final List<CpuTensor> living = new ArrayList<>();
    private boolean closed;

    CpuScope(BlockPool pool, Set<DType> types) {
        this.pool = pool;
        this.types = types;
    }

    @Override
    public CpuTensor allocate(DType type, Shape shape) {
        if (!types.contains(type)) {
            throw new InvalidInput(
                    String.format(
                                    Locale.ROOT,
                                    "this backend has no %s tensors, only %s; choose precision float32 or another",
                                    type,
                                    new TreeSet<>(types))
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
