package dev.kiln.platform.benchmark;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;

/** Makes random tensors. Used by one thread, within the life of its scope. */
final class Operands {
    private static final double DEVIATION = 0.02;

    private final Backend backend;
    private final Scope scope;
    private final Tensor one;

    Operands(Backend backend, Scope scope) {
        this.backend = backend;
        this.scope = scope;
        this.one = floats(Shape.of(1));
    }

    Scope scope() {
        return scope;
    }

    /** FLOAT32, with mean 0. */
    Tensor floats(Shape shape) {
        Tensor tensor = scope.allocate(DType.FLOAT32, shape);
        backend.upload(tensor, RandomNumbers.floats(Math.toIntExact(shape.size()), 1));
        return tensor;
    }

    /** As {@link #floats}, in the type of activations. */
    Tensor activations(DType type, Shape shape) {
        Tensor floats = floats(shape);
        if (type == DType.FLOAT32) {
            return floats;
        }
        Tensor tensor = scope.allocate(type, shape);
        backend.cast(tensor, floats);
        scope.release(floats);
        return tensor;
    }

    /** All zero: an optimizer's state. */
    Tensor zeros(DType type, Shape shape) {
        Tensor tensor = scope.allocate(type, shape);
        backend.fill(tensor, 0);
        return tensor;
    }

    Tensor ids(int count, int vocabulary) {
        Tensor tensor = scope.allocate(DType.INT32, Shape.of(count));
        backend.upload(tensor, RandomNumbers.ids(count, vocabulary, 1));
        return tensor;
    }

    Weight weight(String name, Shape shape, boolean trainable) {
        Weight weight = backend.weight(scope, name, shape, trainable);
        backend.upload(
                weight.value(), RandomNumbers.floats(Math.toIntExact(shape.size()), DEVIATION));
        backend.refresh(weight);
        return weight;
    }

    /** Waits until a backend that runs ahead has done all that was asked of it. */
    void await() {
        backend.isFinite(one);
    }
}
