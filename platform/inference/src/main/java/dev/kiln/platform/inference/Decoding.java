package dev.kiln.platform.inference;

import dev.kiln.platform.autograd.CachedOps;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.ModelShape;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Sequences that are written side by side, and the cache that they share. */
final class Decoding {
    private final LanguageModel language;
    private final Backend backend;
    private final KvCache cache;
    private final List<Sequence> sequences;
    private final GenerationRequest request;
    private final TextListener text;

    /** Elements of a row of the logits, and those of them that are tokens. */
    private final int stride;

    private final int vocabulary;

    // Used again for every token: a vocabulary of floats is too much to allocate each time.
    private float[] logits = {};
    private final float[] own;

    /**
     * @param scope holds the cache
     */
    Decoding(
            LanguageModel language,
            Scope scope,
            List<Sequence> sequences,
            GenerationRequest request,
            TextListener text) {
        this.language = language;
        this.backend = language.backend();
        this.sequences = sequences;
        this.request = request;
        this.text = text;
        ModelShape shape = language.model().shape();
        cache =
                backend.kvCache(
                        scope,
                        language.precision().activations(),
                        shape.layers(),
                        sequences.size(),
                        sequences.stream().mapToInt(Sequence::positions).max().orElseThrow(),
                        shape.attentionWidth());
        stride = shape.vocabulary();
        // A padded vocabulary has more rows than the tokenizer has ids: those are never chosen.
        vocabulary = Math.min(stride, language.tokenizer().vocabularySize());
        own = new float[vocabulary];
    }

    boolean open() {
        for (Sequence sequence : sequences) {
            if (sequence.open()) {
                return true;
            }
        }
        return false;
    }

    /** Runs a pass, and chooses a token for each sequence that has nothing more to read. */
    Pass next() {
        Pass pass = Pass.over(sequences);
        forward(pass);
        int row = 0;
        for (int i = 0; i < pass.counts().length; i++) {
            Sequence sequence = pass.sequences().get(i);
            sequence.passed(pass.counts()[i]);
            if (sequence.pending() == 0) {
                choose(sequence, row++);
            }
        }
        return pass;
    }

    /** Leaves the logits behind each complete sequence's last token, [complete, V]. */
    private void forward(Pass pass) {
        int[] ids = new int[pass.tokens()];
        int[] positions = new int[ids.length];
        int at = 0;
        for (int i = 0; i < pass.counts().length; i++) {
            Sequence sequence = pass.sequences().get(i);
            cache.setLength(sequence.index(), sequence.cached());
            sequence.place(pass.counts()[i], ids, positions, at);
            at += pass.counts()[i];
        }
        try (Scope scope = backend.scope()) {
            CachedOps ops =
                    new CachedOps(
                            backend,
                            scope,
                            language.precision(),
                            language.layouts(),
                            shown(pass),
                            pass.counts());
            Tensor hidden =
                    language.model()
                            .hidden(ops, upload(scope, 1, ids), upload(scope, 1, positions));
            if (pass.complete() > 0) {
                HeadRows rows = HeadRows.of(upload(scope, 1, pass.lastRows()));
                download(language.nextTokens(ops, hidden, rows));
            }
        }
    }

    /** The cache of those that take part. */
    private KvCache shown(Pass pass) {
        return pass.sequences().size() == sequences.size()
                ? cache
                : cache.select(pass.sequences().stream().mapToInt(Sequence::index).toArray());
    }

    private Tensor upload(Scope scope, int rows, int[] values) {
        Tensor tensor = scope.allocate(DType.INT32, Shape.of(rows, values.length / rows));
        backend.upload(tensor, values);
        return tensor;
    }

    private void download(Tensor scores) {
        int size = Math.toIntExact(scores.shape().size());
        if (logits.length < size) {
            logits = new float[size];
        }
        backend.download(MemorySegment.ofArray(logits), scores);
    }

    private void choose(Sequence sequence, int row) {
        int length = sequence.history().length();
        // A sampler would pass over a logit that is no number, and choose among the others.
        InvalidScore.requireLogits(logits, row * stride, stride, sequence.index(), length);
        System.arraycopy(logits, row * stride, own, 0, vocabulary);
        long key = Randomness.key(request.seed(), sequence.index(), length);
        int next = request.sampler().next(own, sequence.history().ids(), length, key);
        if (request.logProbabilities()) {
            sequence.rate(logits[row * stride + next] - logSumExp(row * stride));
        }
        sequence.add(next, language, text);
    }

    /** Over all that the model scores, the rows that only pad its vocabulary included. */
    private double logSumExp(int from) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + stride; i++) {
            max = Math.max(max, logits[i]);
        }
        double sum = 0;
        for (int i = from; i < from + stride; i++) {
            sum += Math.exp(logits[i] - max);
        }
        return max + Math.log(sum);
    }
}
