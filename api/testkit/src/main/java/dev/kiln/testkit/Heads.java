package dev.kiln.testkit;

import static dev.kiln.testkit.Operands.require;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;

/** Where things are in qkv[B, T, 3, H, size] and out[B, T, H, size]. */
record Heads(int sequences, int length, int count, int size) {
    static Heads of(String kernel, Tensor out, Tensor qkv, int count) {
        Shape shape = out.shape();
        require(shape.rank() == 3, kernel, "expected out[B, T, C], got " + out);
        Operands.sameType(kernel, out, qkv);
        Operands.requireShape(kernel, qkv, shape.withColumns(3 * shape.columns()));
        require(
                count >= 1 && shape.columns() % count == 0,
                kernel,
                count + " heads do not divide the width " + shape.columns());
        return new Heads(shape.dimension(0), shape.dimension(1), count, shape.columns() / count);
    }

    long rows() {
        return (long) sequences * count * length;
    }

    int at(int sequence, int position, int part, int head) {
        return (((sequence * length + position) * 3 + part) * count + head) * size;
    }

    int outAt(int sequence, int position, int head) {
        return ((sequence * length + position) * count + head) * size;
    }

    HeadVectors row(double[] qkv, int sequence, int part, int head) {
        return new HeadVectors(qkv, at(sequence, 0, part, head), 3 * count * size, size);
    }

    void checkLayout(String kernel, AttentionLayout layout) {
        require(
                layout.queries() == length && layout.keys() == length,
                kernel,
                "expected a layout of " + length + " queries and keys, got " + layout);
    }
}
