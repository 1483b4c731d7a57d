package dev.kiln.platform.inference;

import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.inference.Pass.Asked;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadRows;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The logits that a pass is asked for, some rows at a time in the same memory. */
public final class Logits {
    /** Rows that are held at once, at most. */
    public static final int ROWS = 128;

    private final LanguageModel language;
    private final int vocabulary;

    // Used again for every token: a vocabulary of floats is too much to allocate each time.
    private float[] logits = {};
    private final float[] ofTokens;

    /** Takes a row. */
    interface Taker {
        void take(Asked asked, LogitRow row);
    }

    Logits(LanguageModel language) {
        this.language = language;
        vocabulary = language.model().shape().vocabulary();
        // A padded vocabulary has more rows than the tokenizer has ids: those are never chosen.
        ofTokens = new float[Math.min(vocabulary, language.tokenizer().vocabularySize())];
    }

    /**
     * @param hidden (1, N, C)
     */
    void give(Tensor hidden, List<Asked> asked, Taker taker) {
        for (int from = 0; from < asked.size(); from += ROWS) {
            List<Asked> some = asked.subList(from, Math.min(from + ROWS, asked.size()));
            compute(hidden, some.stream().mapToInt(Asked::row).toArray());
            List<Optional<Softmax>> sums = sums(some);
            for (int row = 0; row < some.size(); row++) {
                taker.take(
                        some.get(row),
                        new LogitRow(
                                logits, row * vocabulary, vocabulary, ofTokens, sums.get(row)));
            }
        }
    }

    private List<Optional<Softmax>> sums(List<Asked> asked) {
        IntStream rows = IntStream.range(0, asked.size());
        boolean needed = asked.stream().anyMatch(one -> one.sequence().needsSoftmax());
        return (needed ? rows.parallel() : rows)
                .mapToObj(row -> softmax(asked.get(row), row))
                .toList();
    }

    private Optional<Softmax> softmax(Asked asked, int row) {
        return asked.sequence().needsSoftmax()
                ? Optional.of(Softmax.of(logits, row * vocabulary, vocabulary))
                : Optional.empty();
    }

    private void compute(Tensor hidden, int[] rows) {
        Backend backend = language.backend();
        try (Scope scope = backend.scope()) {
            DirectOps ops = new DirectOps(backend, scope, language.precision(), language.layouts());
            Tensor indices = scope.allocate(DType.INT32, Shape.of(1, rows.length));
            backend.upload(indices, rows);
            Tensor scores = language.nextTokens(ops, hidden, HeadRows.of(indices)); // (rows, V)
            int size = Math.toIntExact(scores.shape().size());
            if (logits.length < size) {
                logits = new float[size];
            }
            backend.download(MemorySegment.ofArray(logits), scores);
        }
    }
}
