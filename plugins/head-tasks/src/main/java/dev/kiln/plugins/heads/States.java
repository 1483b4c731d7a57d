package dev.kiln.plugins.heads;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Ops;

/** What the heads have in common. */
final class States {
    /** How GPT-1 fills new matrices. */
    static final Init INIT = new Init.Normal(0.02);

    private States() {}

    /** The states that are read: hidden[B, T, C] to [R, C]. */
    static Tensor read(Ops ops, Tensor hidden, HeadRows rows) {
        return rows.rows()
                .map(indices -> ops.gather(hidden, indices))
                .orElseGet(
                        () ->
                                ops.reshape(
                                        hidden,
                                        Shape.of(hidden.shape().rows(), hidden.shape().columns())));
    }
}
