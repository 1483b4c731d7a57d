package dev.kiln.platform.benchmark;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.model.ModelShape;

/**
 * Sizes of a training step.
 *
 * @param batch B
 * @param length T
 * @param width C
 * @param heads H
 * @param vocabulary V
 */
record KernelSizes(int batch, int length, int width, int heads, int vocabulary) {

    static KernelSizes of(ModelShape shape, int batch, int length) {
        return new KernelSizes(batch, length, shape.width(), shape.heads(), shape.vocabulary());
    }

    /** N = B · T. */
    int rows() {
        return batch * length;
    }

    /** [N, columns]. */
    Shape rows(int columns) {
        return Shape.of(rows(), columns);
    }

    /** [B, T, columns]. */
    Shape sequences(int columns) {
        return Shape.of(batch, length, columns);
    }
}
