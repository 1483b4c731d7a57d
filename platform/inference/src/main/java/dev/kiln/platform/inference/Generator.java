package dev.kiln.platform.inference;

import dev.kiln.platform.autograd.CachedOps;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.ModelShape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lets a model write: a batch of prompts of different lengths at once, with a KV cache. A sequence
 * that fills the context goes on from the second half of it. Used by one thread at a time.
 */
public final class Generator {
    private final LanguageModel language;
    private final ModelShape shape;

    public Generator(LanguageModel language) {
        this.language = language;
        this.shape = language.model().shape();
    }

    /**
     * Goes on from each prompt.
     *
     * @param prompts ids; an empty one starts from the end-of-text token
     * @throws InvalidInput when a prompt does not fit the model's context, or is empty and the
     *     tokenizer has no end-of-text token
     */
    public List<Generation> generate(
            List<int[]> prompts, GenerationRequest request, TextListener listener) {
        List<Sequence> sequences =
                IntStream.range(0, prompts.size())
                        .mapToObj(i -> begin(i, prompts.get(i), request))
                        .toList();
        Backend backend = language.backend();
        try (Scope scope = backend.scope()) {
            KvCache cache =
                    backend.kvCache(
                            scope,
                            language.precision().activations(),
                            shape.layers(),
                            sequences.size(),
                            shape.context(),
                            shape.width());
            while (sequences.stream().anyMatch(Sequence::open)) {
                float[] logits = forward(cache, sequences);
                choose(logits, sequences, request, listener);
            }
        }
        return sequences.stream().map(Sequence::result).toList();
    }

    private Sequence begin(int index, int[] prompt, GenerationRequest request) {
        int[] ids = prompt.length > 0 ? prompt : new int[] {endOfText()};
        if (ids.length > shape.context()) {
            throw new InvalidInput(
                    "prompt %d has %,d tokens, the model's context holds %,d"
                            .formatted(index + 1, ids.length, shape.context()));
        }
        return new Sequence(index, ids, shape.context(), request);
    }

    private int endOfText() {
        return language.tokenizer()
                .endOfText()
                .orElseThrow(
                        () ->
                                new InvalidInput(
                                        "an empty prompt needs a tokenizer with an end-of-text token;"
                                                + " this one has none"));
    }

    /** One pass over every sequence's pending tokens; the logits of each one's last, [B, V]. */
    private float[] forward(KvCache cache, List<Sequence> sequences) {
        Backend backend = language.backend();
        int[] counts = sequences.stream().mapToInt(Sequence::pending).toArray();
        int longest = IntStream.of(counts).max().orElseThrow();
        int[] ids = new int[counts.length * longest];
        int[] positions = new int[ids.length];
        int[] last = new int[counts.length];
        for (int b = 0; b < counts.length; b++) {
            sequences.get(b).place(ids, positions, b * longest);
            cache.setLength(b, sequences.get(b).cached());
            last[b] = b * longest + counts[b] - 1;
        }
        try (Scope scope = backend.scope()) {
            CachedOps ops =
                    new CachedOps(
                            backend,
                            scope,
                            language.precision(),
                            language.layouts(),
                            cache,
                            counts);
            Shape tokens = Shape.of(counts.length, longest);
            Tensor hidden =
                    language.model()
                            .hidden(
                                    ops,
                                    upload(scope, tokens, ids),
                                    upload(scope, tokens, positions));
            HeadRows rows = HeadRows.of(upload(scope, Shape.of(last.length), last));
            Tensor scores = language.head().scores(ops, hidden, rows);
            sequences.forEach(Sequence::passed);
            return backend.floats(scores);
        }
    }

    private Tensor upload(Scope scope, Shape shape, int[] values) {
        Tensor tensor = scope.allocate(DType.INT32, shape);
        language.backend().upload(tensor, values);
        return tensor;
    }

    private void choose(
            float[] logits,
            List<Sequence> sequences,
            GenerationRequest request,
            TextListener listener) {
        int stride = logits.length / sequences.size();
        // A padded vocabulary has more rows than the tokenizer has ids: those are never chosen.
        int vocabulary = Math.min(stride, language.tokenizer().vocabularySize());
        for (Sequence sequence : sequences) {
            if (sequence.open()) {
                float[] own = new float[vocabulary];
                System.arraycopy(logits, sequence.index() * stride, own, 0, vocabulary);
                double logSumExp = logSumExp(own);
                float[] raw = own.clone();
                long key =
                        Randomness.key(
                                request.seed(), sequence.index(), sequence.history().length());
                int next =
                        request.sampler()
                                .next(
                                        own,
                                        sequence.history().ids(),
                                        sequence.history().length(),
                                        key);
                sequence.add(next, raw[next] - logSumExp, language.tokenizer(), listener);
            }
        }
    }

    private static double logSumExp(float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        return max + Math.log(sum);
    }
}
