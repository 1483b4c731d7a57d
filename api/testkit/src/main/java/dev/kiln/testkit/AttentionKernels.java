package dev.kiln.testkit;

import static dev.kiln.testkit.Operands.reals;
import static dev.kiln.testkit.Operands.require;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Attention, one query of one head at a time, over the keys that its row shows. */
final class AttentionKernels {
    private AttentionKernels() {}

    static void attention(Tensor out, Tensor logSumExp, Tensor qkv, AttentionSpec spec) {
        Heads heads = Heads.of("attention", out, qkv, spec.heads());
        checkLayout("attention", spec, heads);
        Operands.distinct("attention", out, qkv, logSumExp);
        double[] from = reals("attention", qkv);
        double[] to = reals("attention", out);
        double[] lse = reals("attention", logSumExp, heads.rows());
        for (int b = 0; b < heads.sequences; b++) {
            for (int h = 0; h < heads.count; h++) {
                for (int i = 0; i < heads.length; i++) {
                    Row keys = heads.row(from, b, 1, h);
                    Row values = heads.row(from, b, 2, h);
                    int[] visible = visible(spec.layout(), i);
                    double[] scores = keys.scores(from, heads.at(b, i, 0, h), visible, spec.scale());
                    int row = (b * heads.count + h) * heads.length + i;
                    lse[row] = logSumExp(scores);
                    double[] weights = softmax(scores, lse[row]);
                    multiply(weights, dropout(spec.dropout(), heads, b, h, i, visible));
                    values.weightedSum(to, heads.outAt(b, i, h), weights, visible);
                }
            }
        }
    }

    /**
     * With P the softmax, D the dropout factors and dP = D (dOut · values): dScore = P (dP - Σ P
     * dP), from which the queries and keys follow; dValues = (D P)ᵀ dOut.
     */
    static void attentionBackward(
            Tensor dQkv,
            Tensor dOut,
            Tensor out,
            Tensor logSumExp,
            Tensor qkv,
            AttentionSpec spec) {
        String kernel = "attentionBackward";
        Heads heads = Heads.of(kernel, out, qkv, spec.heads());
        checkLayout(kernel, spec, heads);
        Operands.sameShape(kernel, out, dOut);
        Operands.sameShape(kernel, qkv, dQkv);
        Operands.distinct(kernel, dQkv, dOut, out, logSumExp, qkv);
        reals(kernel, out);
        double[] from = reals(kernel, qkv);
        double[] above = reals(kernel, dOut);
        double[] to = reals(kernel, dQkv);
        double[] lse = reals(kernel, logSumExp, heads.rows());
        Arrays.fill(to, 0);
        for (int b = 0; b < heads.sequences; b++) {
            for (int h = 0; h < heads.count; h++) {
                for (int i = 0; i < heads.length; i++) {
                    int query = heads.at(b, i, 0, h);
                    int outAt = heads.outAt(b, i, h);
                    Row keys = heads.row(from, b, 1, h);
                    Row values = heads.row(from, b, 2, h);
                    int[] visible = visible(spec.layout(), i);
                    double[] p =
                            softmax(
                                    keys.scores(from, query, visible, spec.scale()),
                                    lse[(b * heads.count + h) * heads.length + i]);
                    double[] d = dropout(spec.dropout(), heads, b, h, i, visible);
                    double[] dP = values.scores(above, outAt, visible, 1);
                    multiply(dP, d);
                    double mean = 0;
                    for (int v = 0; v < visible.length; v++) {
                        mean += p[v] * dP[v];
                    }
                    for (int v = 0; v < visible.length; v++) {
                        double dScore = spec.scale() * p[v] * (dP[v] - mean);
                        int key = keys.at(visible[v]);
                        int value = values.at(visible[v]);
                        for (int c = 0; c < heads.size; c++) {
                            to[query + c] += dScore * from[key + c];
                            to[key + c] += dScore * from[query + c];
                            to[value + c] += p[v] * d[v] * above[outAt + c];
                        }
                    }
                }
            }
        }
    }

    static void cachedAttention(
            Tensor out,
            Tensor qkv,
            ReferenceKvCache cache,
            int layer,
            AttentionLayout[] layouts,
            int count,
            double scale) {
        String kernel = "cachedAttention";
        Heads heads = Heads.of(kernel, out, qkv, count);
        Operands.distinct(kernel, out, qkv);
        checkCache(kernel, heads, cache, layer, layouts);
        double[] from = reals(kernel, qkv);
        double[] to = reals(kernel, out);
        double[] cachedKeys = reals(kernel, cache.keys());
        double[] cachedValues = reals(kernel, cache.values());
        Arrays.fill(to, Double.NaN); // rows past a sequence's new positions stay undefined
        int width = cache.width();
        for (int b = 0; b < heads.sequences; b++) {
            for (int i = 0; i < layouts[b].queries(); i++) {
                int place = cache.offset(layer, b, cache.length(b) + i);
                System.arraycopy(from, heads.at(b, i, 1, 0), cachedKeys, place, width);
                System.arraycopy(from, heads.at(b, i, 2, 0), cachedValues, place, width);
            }
            for (int h = 0; h < count; h++) {
                int first = cache.offset(layer, b, 0) + h * heads.size;
                Row keys = new Row(cachedKeys, first, width, heads.size);
                Row values = new Row(cachedValues, first, width, heads.size);
                for (int i = 0; i < layouts[b].queries(); i++) {
                    int[] visible = visible(layouts[b], i);
                    double[] scores = keys.scores(from, heads.at(b, i, 0, h), visible, scale);
                    double[] weights = softmax(scores, logSumExp(scores));
                    values.weightedSum(to, heads.outAt(b, i, h), weights, visible);
                }
            }
        }
    }

    /** Log of the sum of exponentials, safe for scores of any size. */
    static double logSumExp(double[] scores) {
        double max = Arrays.stream(scores).max().orElseThrow();
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(score - max);
        }
        return max + Math.log(sum);
    }

    private static double[] softmax(double[] scores, double logSumExp) {
        return Arrays.stream(scores).map(score -> Math.exp(score - logSumExp)).toArray();
    }

    private static void multiply(double[] to, double[] by) {
        for (int i = 0; i < to.length; i++) {
            to[i] *= by[i];
        }
    }

    /** The keys that a row shows, rising. */
    private static int[] visible(AttentionLayout layout, int row) {
        return IntStream.range(0, layout.spans(row))
                .flatMap(span -> IntStream.range(layout.from(row, span), layout.to(row, span)))
                .toArray();
    }

    /** The factors of dropout for one query's visible keys. */
    private static double[] dropout(
            Dropout dropout, Heads heads, int sequence, int head, int query, int[] visible) {
        long key = Randomness.key(dropout.key(), (long) sequence * heads.count + head);
        return Arrays.stream(visible)
                .mapToDouble(j -> Elementwise.kept(dropout, key, query * heads.length + j))
                .toArray();
    }

    private static void checkLayout(String kernel, AttentionSpec spec, Heads heads) {
        AttentionLayout layout = spec.layout();
        require(
                layout.queries() == heads.length && layout.keys() == heads.length,
                kernel,
                "expected a layout of " + heads.length + " queries and keys, got " + layout);
    }

    private static void checkCache(
            String kernel,
            Heads heads,
            ReferenceKvCache cache,
            int layer,
            AttentionLayout[] layouts) {
        require(cache.width() == heads.count * heads.size, kernel, "the cache has another width");
        require(cache.sequences() == heads.sequences, kernel, "the cache has other sequences");
        require(layouts.length == heads.sequences, kernel, "expected one layout a sequence");
        require(layer >= 0 && layer < cache.layers(), kernel, "no layer " + layer);
        for (int b = 0; b < layouts.length; b++) {
            int queries = layouts[b].queries();
            int keys = layouts[b].keys();
            require(queries <= heads.length, kernel, "more queries than rows: " + queries);
            require(keys == cache.length(b) + queries, kernel, "keys are not length + queries");
            require(keys <= cache.capacity(), kernel, "the cache has no room for " + keys);
        }
    }

    /** One head's keys or values of one sequence: position p begins at {@code first + p stride}. */
    private record Row(double[] from, int first, int stride, int size) {
        int at(int position) {
            return first + position * stride;
        }

        /** scale · (vector · this[j]) for each visible j. */
        double[] scores(double[] vector, int start, int[] visible, double scale) {
            double[] scores = new double[visible.length];
            for (int v = 0; v < visible.length; v++) {
                double sum = 0;
                for (int c = 0; c < size; c++) {
                    sum += vector[start + c] * from[at(visible[v]) + c];
                }
                scores[v] = scale * sum;
            }
            return scores;
        }

        /** out = Σ weights[v] · this[visible[v]]. */
        void weightedSum(double[] out, int start, double[] weights, int[] visible) {
            for (int c = 0; c < size; c++) {
                double sum = 0;
                for (int v = 0; v < visible.length; v++) {
                    sum += weights[v] * from[at(visible[v]) + c];
                }
                out[start + c] = sum;
            }
        }
    }

    /** Where things are in qkv[B, T, 3, H, size] and out[B, T, H, size]. */
    private record Heads(int sequences, int length, int count, int size) {
        static Heads of(String kernel, Tensor out, Tensor qkv, int count) {
            Shape shape = out.shape();
            require(shape.rank() == 3, kernel, "expected out[B, T, C], got " + out);
            Operands.requireShape(kernel, qkv, shape.withColumns(3 * shape.columns()));
            require(
                    count >= 1 && shape.columns() % count == 0,
                    kernel,
                    count + " heads do not divide the width " + shape.columns());
            return new Heads(
                    shape.dimension(0), shape.dimension(1), count, shape.columns() / count);
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

        Row row(double[] qkv, int sequence, int part, int head) {
            return new Row(qkv, at(sequence, 0, part, head), 3 * count * size, size);
        }
    }
}
