package dev.kiln.testkit;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;

/**
 * A matrix that is only read.
 *
 * @param elements its values, unrounded
 */
record ReferenceFrozenWeight(String name, ReferenceTensor elements) implements Weight {

    static ReferenceFrozenWeight of(Scope scope, FrozenWeight content) {
        Tensor elements = scope.allocate(DType.FLOAT32, content.shape());
        ReferenceTensor own = Operands.living("frozen", elements);
        FrozenElements.decode(own.reals(), content);
        return new ReferenceFrozenWeight(content.name(), own);
    }

    /** What products and embeddings read: a frozen weight's elements, or a master. */
    static Tensor elements(Weight weight) {
        return weight instanceof ReferenceFrozenWeight frozen ? frozen.elements : weight.value();
    }

    /** A weight's elements as a product with x takes them: frozen ones are never rounded. */
    static double[] factor(String kernel, Weight weight, Tensor x) {
        return weight instanceof ReferenceFrozenWeight frozen
                ? Operands.reals(kernel, frozen.elements)
                : Products.factor(kernel, weight.value(), x);
    }

    @Override
    public Tensor value() {
        throw new IllegalStateException("weight " + name + " is frozen and has no master");
    }

    @Override
    public Shape shape() {
        return elements.shape();
    }

    @Override
    public boolean trainable() {
        return false;
    }

    @Override
    public Tensor gradient() {
        throw new IllegalStateException("weight " + name + " is not trainable");
    }
}
