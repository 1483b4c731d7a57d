package dev.kiln.testkit;

import static dev.kiln.testkit.Operands.floats;
import static dev.kiln.testkit.Operands.reals;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.Arrays;

/** Softmax cross-entropy, from logits and from what they are projected from. */
final class Losses {
    private Losses() {}

    static void crossEntropy(
            Tensor losses, Tensor dLogits, Tensor logits, Tensor targets, Tensor weights) {
        int rows = logits.shape().rows();
        int classes = logits.shape().columns();
        Operands.sameShape("crossEntropy", logits, dLogits);
        Operands.distinct("crossEntropy", losses, dLogits, logits, weights);
        double[] from = reals("crossEntropy", logits);
        double[] gradient = reals("crossEntropy", dLogits);
        double[] to = reals("crossEntropy", losses, rows);
        int[] right = Operands.ids("crossEntropy", targets, rows, classes);
        double[] weight = reals("crossEntropy", weights, rows);
        for (int n = 0; n < rows; n++) {
            double[] row = Arrays.copyOfRange(from, n * classes, (n + 1) * classes);
            to[n] = weight[n] * loss(row, right[n]);
            gradient(row, right[n], weight[n]);
            System.arraycopy(row, 0, gradient, n * classes, classes);
        }
    }

    static void projected(
            Tensor losses, Tensor hidden, Weight table, Tensor targets, Tensor weights) {
        String kernel = "projectedCrossEntropy";
        int rows = hidden.shape().rows();
        int classes = table.shape().rows();
        Operands.requireMatrix(
                kernel, ReferenceFrozenWeight.elements(table), classes, hidden.shape().columns());
        Operands.distinct(kernel, losses, hidden, weights);
        double[] from = floats(kernel, hidden);
        double[] projection = ReferenceFrozenWeight.factor(kernel, table, hidden);
        double[] to = reals(kernel, losses, rows);
        int[] right = Operands.ids(kernel, targets, rows, classes);
        double[] weight = reals(kernel, weights, rows);
        for (int n = 0; n < rows; n++) {
            to[n] = weight[n] * loss(project(from, n, projection, classes), right[n]);
        }
    }

    static void projectedBackward(
            Tensor losses,
            Tensor dHidden,
            Tensor hidden,
            Weight table,
            Tensor targets,
            Tensor weights) {
        String kernel = "projectedCrossEntropyBackward";
        projected(losses, hidden, table, targets, weights);
        int rows = hidden.shape().rows();
        int columns = hidden.shape().columns();
        int classes = table.shape().rows();
        Operands.same(kernel, hidden, dHidden);
        Operands.distinct(kernel, dHidden, losses, hidden, table.value(), weights);
        double[] from = floats(kernel, hidden);
        double[] projection = Products.factor(kernel, table.value(), hidden);
        double[] to = floats(kernel, dHidden);
        double[] dTable = Rows.gradient(kernel, table, table.shape().size());
        int[] right = Operands.ids(kernel, targets, rows, classes);
        double[] weight = reals(kernel, weights, rows);
        Arrays.fill(to, 0);
        for (int n = 0; n < rows; n++) {
            double[] row = project(from, n, projection, classes);
            gradient(row, right[n], weight[n]);
            for (int v = 0; v < classes; v++) {
                for (int c = 0; c < columns; c++) {
                    to[n * columns + c] += row[v] * projection[v * columns + c];
                    dTable[v * columns + c] += row[v] * from[n * columns + c];
                }
            }
        }
    }

    /** The logits of row n. */
    private static double[] project(double[] hidden, int n, double[] table, int classes) {
        int columns = table.length / classes;
        double[] logits = new double[classes];
        for (int v = 0; v < classes; v++) {
            for (int c = 0; c < columns; c++) {
                logits[v] += hidden[n * columns + c] * table[v * columns + c];
            }
        }
        return logits;
    }

    /** -log softmax(logits)[target]. */
    private static double loss(double[] logits, int target) {
        return AttentionWeights.logSumExp(logits) - logits[target];
    }

    /** Logits become the gradient of their weighted loss: weight (softmax - one hot). */
    private static void gradient(double[] logits, int target, double weight) {
        double logSumExp = AttentionWeights.logSumExp(logits);
        for (int v = 0; v < logits.length; v++) {
            double probability = Math.exp(logits[v] - logSumExp);
            logits[v] = weight * (v == target ? probability - 1 : probability);
        }
    }
}
