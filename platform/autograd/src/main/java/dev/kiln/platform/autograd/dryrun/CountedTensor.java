package dev.kiln.platform.autograd.dryrun;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;

/** A tensor without elements. Two of one shape are still two tensors. */
final class CountedTensor implements Tensor {
    private final DType type;
    private final Shape shape;

    CountedTensor(DType type, Shape shape) {
        this.type = type;
        this.shape = shape;
    }

    @Override
    public DType type() {
        return type;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    long bytes() {
        return shape.size() * type.bytes();
    }
}
