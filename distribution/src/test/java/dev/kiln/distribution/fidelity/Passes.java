package dev.kiln.distribution.fidelity;

import dev.kiln.platform.autograd.CachedOps;
import dev.kiln.platform.autograd.Tape;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The ways to run a subject. Used by one thread. */
record Passes(Subject subject) {

    /** Sequences of one length, one after the other. */
    static int[][] split(int[] ids, int sequences) {
        int length = ids.length / sequences;
        return IntStream.range(0, sequences)
                .mapToObj(b -> Arrays.copyOfRange(ids, b * length, (b + 1) * length))
                .toArray(int[][]::new);
    }

    /** The mean loss of all next tokens, whose gradient is added to the weights'. */
    double loss(int[] ids, int sequences) {
        try (Scope scope = backend().scope()) {
            Tape tape = new Tape(backend(), scope, Precision.FLOAT32, language().layouts(), 1);
            Tensor last = hidden(tape, scope, ids, sequences, 0);
            Tensor losses = language().head().losses(tape, last, nextTokens(scope, ids, sequences));
            tape.backward();
            double sum = 0;
            for (float loss : backend().floats(losses)) {
                sum += loss;
            }
            return sum;
        }
    }

    /** Each sequence's last position has no next token and counts nothing. */
    private HeadInput nextTokens(Scope scope, int[] ids, int sequences) {
        int length = ids.length / sequences;
        int[] targets = new int[ids.length];
        float[] weights = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (i % length < length - 1) {
                targets[i] = ids[i + 1];
                weights[i] = 1f / (sequences * (length - 1));
            }
        }
        Tensor counts = scope.allocate(DType.FLOAT32, Shape.of(ids.length));
        backend().upload(counts, weights);
        return new HeadInput(HeadRows.ALL, upload(scope, Shape.of(ids.length), targets), counts);
    }

    void clearGradients() {
        for (Weight weight : subject.weights().values()) {
            backend().fill(weight.gradient(), 0);
        }
    }

    /**
     * Goes on from a prompt with the most likely token, with a KV cache.
     *
     * @param ids begins with the prompt; the rest is written
     * @return the logits of all positions but the last, [T - 1, V]
     */
    float[] greedy(int[] ids, int prompt) {
        ModelShape shape = language().model().shape();
        List<float[]> logits = new ArrayList<>();
        try (Scope scope = backend().scope()) {
            KvCache cache =
                    backend()
                            .kvCache(
                                    scope,
                                    DType.FLOAT32,
                                    shape.layers(),
                                    1,
                                    shape.context(),
                                    shape.width());
            int seen = 0;
            for (int known = prompt; known < ids.length; known++) {
                float[] rows = cached(cache, seen, Arrays.copyOfRange(ids, seen, known));
                logits.add(rows);
                ids[known] = largest(rows, rows.length - shape.vocabulary());
                seen = known;
            }
        }
        return concatenated(logits);
    }

    private float[] cached(KvCache cache, int seen, int[] ids) {
        try (Scope scope = backend().scope()) {
            CachedOps ops =
                    new CachedOps(
                            backend(),
                            scope,
                            Precision.FLOAT32,
                            language().layouts(),
                            cache,
                            ids.length);
            Tensor last = hidden(ops, scope, ids, 1, seen);
            float[] logits = backend().floats(language().head().scores(ops, last, HeadRows.ALL));
            ops.advance();
            return logits;
        }
    }

    private static int largest(float[] values, int from) {
        int best = from;
        for (int i = from; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best - from;
    }

    private static float[] concatenated(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private Tensor hidden(Ops ops, Scope scope, int[] ids, int sequences, int firstPosition) {
        int length = ids.length / sequences;
        int[] positions = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            positions[i] = firstPosition + i % length;
        }
        Shape shape = Shape.of(sequences, length);
        return language()
                .model()
                .hidden(ops, upload(scope, shape, ids), upload(scope, shape, positions));
    }

    private Tensor upload(Scope scope, Shape shape, int[] values) {
        Tensor tensor = scope.allocate(DType.INT32, shape);
        backend().upload(tensor, values);
        return tensor;
    }

    private LanguageModel language() {
        return subject.language();
    }

    private Backend backend() {
        return subject.backend();
    }
}
