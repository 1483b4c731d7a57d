package dev.kiln.testkit;

import static dev.kiln.testkit.Operands.floats;
import static dev.kiln.testkit.Operands.reals;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.Arrays;

/** Matrix products and sums over rows. */
final class Products {
    private Products() {}

    static void matmul(
            Tensor out,
            Tensor a,
            boolean transposeA,
            Tensor b,
            boolean transposeB,
            double alpha,
            double beta) {
        double[] y = factor("matmul", b, a);
        double[] x = factor("matmul", a, b);
        multiply(out, a, x, transposeA, b, y, transposeB, alpha, beta);
    }

    /** out = x · weight, or x · weightᵀ. */
    static void linear(Tensor out, Tensor x, Weight weight, boolean transposed) {
        Tensor elements = ReferenceFrozenWeight.elements(weight);
        double[] from = factor("linear", x, elements);
        double[] by = ReferenceFrozenWeight.factor("linear", weight, x);
        multiply(out, x, from, false, elements, by, transposed, 1, 0);
    }

    private static void multiply(
            Tensor out,
            Tensor a,
            double[] x,
            boolean transposeA,
            Tensor b,
            double[] y,
            boolean transposeB,
            double alpha,
            double beta) {
        int rows = transposeA ? a.shape().columns() : a.shape().rows();
        int inner = transposeA ? a.shape().rows() : a.shape().columns();
        int columns = transposeB ? b.shape().rows() : b.shape().columns();
        Operands.requireMatrix(
                "matmul", b, transposeB ? columns : inner, transposeB ? inner : columns);
        Operands.requireMatrix("matmul", out, rows, columns);
        Operands.distinct("matmul", out, a, b);
        double[] o = floats("matmul", out);
        for (int m = 0; m < rows; m++) {
            for (int n = 0; n < columns; n++) {
                double sum = 0;
                for (int k = 0; k < inner; k++) {
                    sum +=
                            x[transposeA ? k * rows + m : m * inner + k]
                                    * y[transposeB ? n * inner + k : k * columns + n];
                }
                int at = m * columns + n;
                // With beta 0 what was there, NaN perhaps, is not read.
                o[at] = beta == 0 ? alpha * sum : alpha * sum + beta * o[at];
            }
        }
    }

    /** The elements of one factor of a product: rounded where the other's are. */
    static double[] factor(String kernel, Tensor one, Tensor other) {
        double[] elements = floats(kernel, one);
        return other.type() == DType.BFLOAT16
                ? Arrays.stream(elements).map(Bfloat16::nearest).toArray()
                : elements;
    }

    static void addBias(Tensor x, Tensor bias) {
        int columns = x.shape().columns();
        Operands.distinct("addBias", x, bias);
        double[] to = floats("addBias", x);
        double[] add = reals("addBias", bias, columns);
        for (int i = 0; i < to.length; i++) {
            to[i] += add[i % columns];
        }
    }

    static void addRowSum(Tensor sum, Tensor x) {
        int columns = x.shape().columns();
        Operands.distinct("addRowSum", sum, x);
        double[] to = reals("addRowSum", sum, columns);
        double[] from = floats("addRowSum", x);
        for (int i = 0; i < from.length; i++) {
            to[i % columns] += from[i];
        }
    }
}
