package dev.kiln.testkit;

import static dev.kiln.testkit.Operands.floats;
import static dev.kiln.testkit.Operands.reals;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;

/** One row at a time. */
final class Rows {
    private Rows() {}

    static void gather(Tensor out, Tensor table, Tensor ids) {
        int columns = table.shape().columns();
        int rows = out.shape().rows();
        Operands.requireMatrix("gather", out, rows, columns);
        Operands.distinct("gather", out, table);
        if (table.type() != DType.FLOAT32) {
            Operands.sameType("gather", table, out);
        }
        int[] row = Operands.ids("gather", ids, rows, table.shape().rows());
        double[] from = floats("gather", table);
        double[] to = floats("gather", out);
        for (int n = 0; n < rows; n++) {
            System.arraycopy(from, row[n] * columns, to, n * columns, columns);
        }
    }

    static void scatterAdd(Tensor sum, Tensor x, Tensor ids) {
        int columns = x.shape().columns();
        int rows = x.shape().rows();
        Operands.requireMatrix("scatterAdd", sum, sum.shape().rows(), columns);
        Operands.distinct("scatterAdd", sum, x);
        int[] row = Operands.ids("scatterAdd", ids, rows, sum.shape().rows());
        double[] from = floats("scatterAdd", x);
        double[] to = reals("scatterAdd", sum);
        for (int n = 0; n < rows; n++) {
            for (int c = 0; c < columns; c++) {
                to[row[n] * columns + c] += from[n * columns + c];
            }
        }
    }

    static void layerNorm(
            Tensor out, Tensor statistics, Tensor x, Weight gain, Weight bias, double epsilon) {
        int rows = x.shape().rows();
        int columns = x.shape().columns();
        Operands.same("layerNorm", x, out);
        Operands.distinct("layerNorm", out, x, statistics, gain.value(), bias.value());
        double[] from = floats("layerNorm", x);
        double[] to = floats("layerNorm", out);
        double[] saved = reals("layerNorm", statistics, 2L * rows);
        double[] g = reals("layerNorm", gain.value(), columns);
        double[] b = reals("layerNorm", bias.value(), columns);
        for (int n = 0; n < rows; n++) {
            double mean = 0;
            for (int c = 0; c < columns; c++) {
                mean += from[n * columns + c] / columns;
            }
            double variance = 0;
            for (int c = 0; c < columns; c++) {
                double off = from[n * columns + c] - mean;
                variance += off * off / columns;
            }
            double rstd = 1 / Math.sqrt(variance + epsilon);
            for (int c = 0; c < columns; c++) {
                int i = n * columns + c;
                to[i] = (from[i] - mean) * rstd * g[c] + b[c];
            }
            saved[n] = mean;
            saved[rows + n] = rstd;
        }
    }

    /** With h = (x - mean) rstd and dH = dOut gain: dX = rstd (dH - mean(dH) - h mean(dH h)). */
    static void layerNormBackward(
            Tensor dX, Tensor dOut, Tensor x, Tensor statistics, Weight gain, Weight bias) {
        Shape shape = x.shape();
        int rows = shape.rows();
        int columns = shape.columns();
        Operands.same("layerNormBackward", x, dX, dOut);
        Operands.distinct("layerNormBackward", dX, x, statistics, gain.value(), bias.value());
        double[] from = floats("layerNormBackward", x);
        double[] above = floats("layerNormBackward", dOut).clone();
        double[] to = floats("layerNormBackward", dX);
        double[] saved = reals("layerNormBackward", statistics, 2L * rows);
        double[] g = reals("layerNormBackward", gain.value(), columns);
        double[] dGain = gradient("layerNormBackward", gain, columns);
        double[] dBias = gradient("layerNormBackward", bias, columns);
        for (int n = 0; n < rows; n++) {
            double mean = saved[n];
            double rstd = saved[rows + n];
            double meanDh = 0;
            double meanDhH = 0;
            for (int c = 0; c < columns; c++) {
                int i = n * columns + c;
                double h = (from[i] - mean) * rstd;
                meanDh += above[i] * g[c] / columns;
                meanDhH += above[i] * g[c] * h / columns;
                dGain[c] += above[i] * h;
                dBias[c] += above[i];
            }
            for (int c = 0; c < columns; c++) {
                int i = n * columns + c;
                double h = (from[i] - mean) * rstd;
                to[i] = rstd * (above[i] * g[c] - meanDh - h * meanDhH);
            }
        }
    }

    /** The gradient to add to; of a weight without one, an array that nobody reads. */
    static double[] gradient(String kernel, Weight weight, long size) {
        return weight.trainable()
                ? reals(kernel, weight.gradient(), size)
                : new double[Math.toIntExact(size)];
    }
}
