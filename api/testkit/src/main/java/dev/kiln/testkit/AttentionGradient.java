package dev.kiln.testkit;

import static dev.kiln.testkit.Operands.floats;
import static dev.kiln.testkit.Operands.reals;

import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Tensor;
import java.util.Arrays;

/**
 * The backward kernel of attention. With P the softmax, D the dropout factors and dP = D (dOut ·
 * values): dScore = P (dP - Σ P dP), from which the queries and keys follow; dValues = (D P)ᵀ dOut.
 *
 * @param above dOut
 * @param to dQkv
 */
record AttentionGradient(
        Heads heads, AttentionSpec spec, double[] qkv, double[] above, double[] to) {

    static void attentionBackward(
            Tensor dQkv,
            Tensor dOut,
            Tensor out,
            Tensor logSumExp,
            Tensor qkv,
            AttentionSpec spec) {
        String kernel = "attentionBackward";
        Heads heads = Heads.of(kernel, out, qkv, spec.heads());
        heads.checkLayout(kernel, spec.layout());
        Operands.same(kernel, out, dOut);
        Operands.same(kernel, qkv, dQkv);
        Operands.distinct(kernel, dQkv, dOut, out, logSumExp, qkv);
        floats(kernel, out); // not needed here, but others may use it: it must be alive
        reals(kernel, logSumExp, heads.rows()); // the same
        new AttentionGradient(
                        heads,
                        spec,
                        floats(kernel, qkv),
                        floats(kernel, dOut),
                        floats(kernel, dQkv))
                .compute();
    }

    private void compute() {
        Arrays.fill(to, 0);
        for (int b = 0; b < heads.sequences(); b++) {
            for (int h = 0; h < heads.count(); h++) {
                for (int i = 0; i < heads.length(); i++) {
                    addQuery(b, h, i);
                }
            }
        }
    }

    private void addQuery(int b, int h, int i) {
        int query = heads.at(b, i, 0, h);
        int outAt = heads.outAt(b, i, h);
        HeadVectors keys = heads.row(qkv, b, 1, h);
        HeadVectors values = heads.row(qkv, b, 2, h);
        int[] visible = AttentionWeights.visible(spec.layout(), i);
        double[] scores = keys.scores(qkv, query, visible, spec.scale());
        double[] p = AttentionWeights.softmax(scores);
        double[] d = AttentionWeights.dropout(spec.dropout(), heads, b, h, i, visible);
        double[] dP = values.scores(above, outAt, visible, 1);
        AttentionWeights.multiply(dP, d);
        double mean = 0;
        for (int v = 0; v < visible.length; v++) {
            mean += p[v] * dP[v];
        }
        for (int v = 0; v < visible.length; v++) {
            double dScore = spec.scale() * p[v] * (dP[v] - mean);
            addScaled(query, dScore, qkv, keys.at(visible[v]));
            addScaled(keys.at(visible[v]), dScore, qkv, query);
            addScaled(values.at(visible[v]), p[v] * d[v], above, outAt);
        }
    }

    private void addScaled(int at, double factor, double[] from, int start) {
        for (int c = 0; c < heads.size(); c++) {
            to[at + c] += factor * from[start + c];
        }
    }
}
