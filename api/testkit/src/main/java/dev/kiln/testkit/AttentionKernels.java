package dev.kiln.testkit;

import static dev.kiln.testkit.AttentionWeights.dropout;
import static dev.kiln.testkit.AttentionWeights.logSumExp;
import static dev.kiln.testkit.AttentionWeights.multiply;
import static dev.kiln.testkit.AttentionWeights.softmax;
import static dev.kiln.testkit.AttentionWeights.visible;
import static dev.kiln.testkit.Operands.floats;
import static dev.kiln.testkit.Operands.reals;
import static dev.kiln.testkit.Operands.require;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Tensor;
import java.util.Arrays;

/** Attention, one query of one head at a time, over the keys that its row shows. */
final class AttentionKernels {
    private AttentionKernels() {}

    static void attention(Tensor out, Tensor logSumExp, Tensor qkv, AttentionSpec spec) {
        Heads heads = Heads.of("attention", out, qkv, spec.heads());
        heads.checkLayout("attention", spec.layout());
        Operands.distinct("attention", out, qkv, logSumExp);
        double[] from = floats("attention", qkv);
        double[] to = floats("attention", out);
        double[] lse = reals("attention", logSumExp, heads.rows());
        for (int b = 0; b < heads.sequences(); b++) {
            for (int h = 0; h < heads.count(); h++) {
                for (int i = 0; i < heads.length(); i++) {
                    HeadVectors keys = heads.row(from, b, 1, h);
                    HeadVectors values = heads.row(from, b, 2, h);
                    int[] visible = visible(spec.layout(), i);
                    double[] scores =
                            keys.scores(from, heads.at(b, i, 0, h), visible, spec.scale());
                    int row = (b * heads.count() + h) * heads.length() + i;
                    lse[row] = logSumExp(scores);
                    double[] weights = softmax(scores);
                    multiply(weights, dropout(spec.dropout(), heads, b, h, i, visible));
                    values.weightedSum(to, heads.outAt(b, i, h), weights, visible);
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
        double[] from = floats(kernel, qkv);
        double[] to = floats(kernel, out);
        double[] cachedKeys = reals(kernel, cache.keys());
        double[] cachedValues = reals(kernel, cache.values());
        int width = cache.width();
        int start = 0; // the sequence's first row
        for (int b = 0; b < layouts.length; b++) {
            for (int i = 0; i < layouts[b].queries(); i++) {
                int place = cache.offset(layer, b, cache.length(b) + i);
                System.arraycopy(from, heads.at(0, start + i, 1, 0), cachedKeys, place, width);
                System.arraycopy(from, heads.at(0, start + i, 2, 0), cachedValues, place, width);
            }
            for (int h = 0; h < count; h++) {
                int first = cache.offset(layer, b, 0) + h * heads.size();
                HeadVectors keys = new HeadVectors(cachedKeys, first, width, heads.size());
                HeadVectors values = new HeadVectors(cachedValues, first, width, heads.size());
                for (int i = 0; i < layouts[b].queries(); i++) {
                    int[] visible = visible(layouts[b], i);
                    int query = heads.at(0, start + i, 0, h);
                    double[] scores = keys.scores(from, query, visible, scale);
                    double[] weights = softmax(scores);
                    values.weightedSum(to, heads.outAt(0, start + i, h), weights, visible);
                }
            }
            start += layouts[b].queries();
        }
    }

    private static void checkCache(
            String kernel,
            Heads heads,
            ReferenceKvCache cache,
            int layer,
            AttentionLayout[] layouts) {
        require(
                cache.width() == heads.count() * heads.size(),
                kernel,
                "the cache has another width");
        require(layouts.length == cache.sequences(), kernel, "expected one layout a sequence");
        int rows = Arrays.stream(layouts).mapToInt(AttentionLayout::queries).sum();
        require(
                rows == heads.sequences() * heads.length(),
                kernel,
                "expected a row for each of " + rows + " queries");
        require(layer >= 0 && layer < cache.layers(), kernel, "no layer " + layer);
        for (int b = 0; b < layouts.length; b++) {
            int queries = layouts[b].queries();
            int keys = layouts[b].keys();
            require(keys == cache.length(b) + queries, kernel, "keys are not length + queries");
            require(keys <= cache.capacity(), kernel, "the cache has no room for " + keys);
        }
    }
}
