package dev.kiln.testkit;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;

/** The strict checks that a real backend may leave out: lifetime, type, shape, aliasing. */
final class Operands {
    private Operands() {}

    /** The tensor as this backend's own. */
    static ReferenceTensor living(String kernel, Tensor tensor) {
        if (!(tensor instanceof ReferenceTensor own)) {
            throw new IllegalArgumentException(
                    kernel + ": a tensor of another backend: " + tensor.getClass().getName());
        }
        if (!own.alive()) {
            throw new IllegalArgumentException(
                    kernel + ": " + own + " is used after its release or its scope's end");
        }
        return own;
    }

    /** The elements of a FLOAT32 tensor. */
    static double[] reals(String kernel, Tensor tensor) {
        ReferenceTensor own = living(kernel, tensor);
        require(own.type() == DType.FLOAT32, kernel, "expected FLOAT32, got " + own);
        return own.reals();
    }

    /** The elements of a FLOAT32 or BFLOAT16 tensor. */
    static double[] floats(String kernel, Tensor tensor) {
        ReferenceTensor own = living(kernel, tensor);
        require(own.type() != DType.INT32, kernel, "expected FLOAT32 or BFLOAT16, got " + own);
        return own.reals();
    }

    /** The elements of a FLOAT32 tensor of so many elements. */
    static double[] reals(String kernel, Tensor tensor, long size) {
        double[] reals = reals(kernel, tensor);
        require(reals.length == size, kernel, "expected " + size + " elements, got " + tensor);
        return reals;
    }

    /** The elements of an INT32 tensor of so many elements, all in [0, bound). */
    static int[] ids(String kernel, Tensor tensor, long size, int bound) {
        ReferenceTensor own = living(kernel, tensor);
        require(own.type() == DType.INT32, kernel, "expected INT32, got " + own);
        require(own.ids().length == size, kernel, "expected " + size + " ids, got " + own);
        for (int id : own.ids()) {
            require(id >= 0 && id < bound, kernel, "id " + id + " is not in [0, " + bound + ")");
        }
        return own.ids();
    }

    /** All of one shape and one type. */
    static void same(String kernel, Tensor first, Tensor... others) {
        sameShape(kernel, first, others);
        sameType(kernel, first, others);
    }

    static void sameType(String kernel, Tensor first, Tensor... others) {
        for (Tensor other : others) {
            require(
                    other.type() == first.type(),
                    kernel,
                    "expected " + first.type() + ", got " + other);
        }
    }

    /** All of one shape. */
    static void sameShape(String kernel, Tensor first, Tensor... others) {
        for (Tensor other : others) {
            requireShape(kernel, other, first.shape());
        }
    }

    static void requireShape(String kernel, Tensor tensor, Shape shape) {
        require(
                tensor.shape().equals(shape),
                kernel,
                "expected shape " + shape + ", got " + tensor);
    }

    /** Rows × columns, whatever the rank. */
    static void requireMatrix(String kernel, Tensor tensor, int rows, int columns) {
        require(
                tensor.shape().rows() == rows && tensor.shape().columns() == columns,
                kernel,
                "expected " + rows + " x " + columns + ", got " + tensor);
    }

    /** An output that may be none of these. */
    static void distinct(String kernel, Tensor out, Tensor... others) {
        for (Tensor other : others) {
            require(out != other, kernel, "output " + out + " may not be another operand");
        }
    }

    static void require(boolean holds, String kernel, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(kernel + ": " + otherwise);
        }
    }
}
