package dev.kiln.platform.autograd;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;

/** The shapes that operations want; kernels below do not check again. */
final class OpShapes {
    private OpShapes() {}

    static void sameShape(String operation, Tensor a, Tensor b) {
        expect(a.shape().equals(b.shape()), operation, "equal shapes", a.shape(), b.shape());
        expect(a.type() == b.type(), operation, "one type", a.type(), b.type());
    }

    static void sameSize(String operation, Tensor x, Shape shape) {
        expect(x.shape().size() == shape.size(), operation, "one size", x.shape(), shape);
    }

    static void groups(String operation, Tensor x, int count) {
        expect(
                count > 0 && x.shape().rows() % count == 0,
                operation,
                "rows in groups of " + count,
                x.shape());
    }

    static void linear(Tensor x, Weight weight) {
        expect(
                weight.shape().rank() == 2 && weight.shape().rows() == x.shape().columns(),
                "linear",
                "x[..., I] and weight[I, O]",
                x.shape(),
                weight.shape());
    }

    static void perColumn(String operation, Shape x, Weight vector) {
        expect(
                vector.shape().rank() == 1 && vector.shape().columns() == x.columns(),
                operation,
                "one value of " + vector.name() + " per column",
                x,
                vector.shape());
    }

    static void table(String operation, Tensor hidden, Weight table) {
        expect(
                table.shape().rank() == 2 && table.shape().columns() == hidden.shape().columns(),
                operation,
                "hidden[..., C] and table[V, C]",
                hidden.shape(),
                table.shape());
    }

    static void attention(Tensor qkv, int heads) {
        Shape shape = qkv.shape();
        expect(
                shape.rank() == 3 && shape.columns() % (3 * heads) == 0,
                "attention",
                "qkv[B, T, 3C] with C divisible by " + heads + " heads",
                shape);
    }

    static void ids(String operation, Tensor ids) {
        if (ids.type() != DType.INT32) {
            throw new IllegalArgumentException(
                    operation + ": expected INT32 ids, got " + ids.type());
        }
    }

    /** Targets and weights: one a row. */
    static void labels(String operation, Tensor x, Tensor targets, Tensor weights) {
        ids(operation, targets);
        int rows = x.shape().rows();
        expect(
                targets.shape().size() == rows && weights.shape().size() == rows,
                operation,
                "a target and a weight for each of " + rows + " rows",
                targets.shape(),
                weights.shape());
    }

    private static void expect(boolean holds, String operation, String what, Object... shapes) {
        if (!holds) {
            throw new IllegalArgumentException(
                    operation
                            + ": expected "
                            + what
                            + ", got "
                            + java.util.Arrays.toString(shapes));
        }
    }
}
