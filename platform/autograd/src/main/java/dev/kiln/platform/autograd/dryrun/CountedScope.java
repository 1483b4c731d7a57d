package dev.kiln.platform.autograd.dryrun;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Counts the bytes of the tensors that live in it. Used by one thread. */
public final class CountedScope implements Scope {
    /** So that sums of what several scopes count, and of what is kept beside it, are right. */
    private static final long MOST = Long.MAX_VALUE / 8;

    private final Set<Tensor> alive = Collections.newSetFromMap(new IdentityHashMap<>());
    private long bytes;
    private long peak;

    /**
     * @throws InvalidInput when there are more bytes than any machine has
     */
    @Override
    public Tensor allocate(DType type, Shape shape) {
        CountedTensor tensor = new CountedTensor(type, shape);
        if (shape.size() > (MOST - bytes) / type.bytes()) {
            throw new InvalidInput(
                    "memory: training needs more than 2^60 bytes: only a smaller model or batch would"
                            + " fit");
        }
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
    public long peak() {
        return peak;
    }
}
