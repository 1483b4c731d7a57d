package dev.kiln.platform.planning;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Counts the bytes of the tensors that live in it. Used by one thread. */
final class CountedScope implements Scope {
    private final Set<Tensor> alive = Collections.newSetFromMap(new IdentityHashMap<>());
    private long bytes;
    private long peak;

    @Override
    public Tensor allocate(DType type, Shape shape) {
        CountedTensor tensor = new CountedTensor(type, shape);
        alive.add(tensor);
        bytes += tensor.bytes();
        peak = Math.max(peak, bytes);
        return tensor;
    }

    @Override
    public void release(Tensor tensor) {
        if (alive.remove(tensor)) {
            bytes -= ((CountedTensor) tensor).bytes();
        }
    }

    @Override
    public void close() {
        alive.clear();
        bytes = 0;
    }

    /** The most bytes that were alive at once. */
    long peak() {
        return peak;
    }
}
