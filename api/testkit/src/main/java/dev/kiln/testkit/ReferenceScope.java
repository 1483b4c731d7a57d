package dev.kiln.testkit;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Knows its living tensors, so that a use after their end is found. */
final class ReferenceScope implements Scope {
    private final Set<ReferenceTensor> living = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<ReferenceScope> open;
    private boolean closed;

    /**
     * @param open where this scope is as long as it is open
     */
    ReferenceScope(Set<ReferenceScope> open) {
        this.open = open;
        open.add(this);
    }

    @Override
    public Tensor allocate(DType type, Shape shape) {
        if (closed) {
            throw new IllegalArgumentException(
                    "allocate " + type + shape + ": the scope is closed");
        }
        if (shape.size() > Integer.MAX_VALUE - 8) {
            throw new InvalidInput(
                    "a tensor "
                            + type
                            + shape
                            + " needs "
                            + type.bytes() * shape.size()
                            + " bytes; the reference backend has arrays of at most 2^31 elements");
        }
        ReferenceTensor tensor = new ReferenceTensor(type, shape);
        living.add(tensor);
        return tensor;
    }

    @Override
    public void release(Tensor tensor) {
        ReferenceTensor released = Operands.living("release", tensor);
        if (!living.remove(released)) {
            throw new IllegalArgumentException("release: " + tensor + " belongs to another scope");
        }
        released.die();
    }

    @Override
    public void close() {
        living.forEach(ReferenceTensor::die);
        living.clear();
        closed = true;
        open.remove(this);
    }
}
