package dev.kiln.platform.inference.inspection;

import dev.kiln.platform.models.InvalidScore;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Whole sequences sent through a model once, without a cache and without dropout, for a look at what
 * it computes: the hidden states between its layers, and the logits. Holds the hidden states; the
 * logits are computed when they are asked for, some rows at a time. Used by one thread at a time,
 * within the life of its model.
 */
public final class ForwardPass implements AutoCloseable {
    /** Elements of the logits that are computed at once, at most, if that is a row or more. */
    private static final int PIECE = 1 << 21;

    private final LanguageModel language;
    private final Scope scope;
    private final int batch;
    private final int length;
    private final List<Tensor> states;

    private ForwardPass(LanguageModel language, Scope scope, int[][] ids) {
        this.language = language;
        this.scope = scope;
        this.batch = ids.length;
        this.length = ids[0].length;
        this.states = run(ids);
    }

    /**
     * Runs sequences of one length T through a model.
     *
     * @param ids [B][T], B and T at least 1
     * @throws InvalidInput when a sequence is empty or longer than the model's context, an id is not
     *     in the model's vocabulary, or the model does not run its layers as blocks
     */
    public static ForwardPass of(LanguageModel language, int[]... ids) {
        for (int[] sequence : ids) {
            check(language, sequence);
            if (sequence.length != ids[0].length) {
                throw new IllegalArgumentException("sequences differ in length");
            }
        }
        Scope scope = language.backend().scope();
        try {
            return new ForwardPass(language, scope, ids);
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private static void check(LanguageModel language, int[] sequence) {
        int context = language.model().shape().context();
        int vocabulary = language.model().shape().vocabulary();
        if (sequence.length == 0) {
            throw new InvalidInput("the input is empty: expected one token or more");
        }
        if (sequence.length > context) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "the input has %,d tokens, the model's context holds %,d",
                            sequence.length,
                            context));
        }
        for (int i = 0; i < sequence.length; i++) {
            if (sequence[i] < 0 || sequence[i] >= vocabulary) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "id %d at place %d: expected 0 to %d, the ids of the model's vocabulary",
                                sequence[i],
                                i,
                                vocabulary - 1));
            }
        }
    }

    private List<Tensor> run(int[][] ids) {
        RecordingOps ops = new RecordingOps(language, scope);
        int[] positions = IntStream.range(0, batch * length).map(i -> i % length).toArray();
        int[] flat = IntStream.range(0, batch).flatMap(b -> IntStream.of(ids[b])).toArray();
        Shape shape = Shape.of(batch, length);
        Tensor last =
                language.model()
                        .hidden(ops, upload(scope, shape, flat), upload(scope, shape, positions));
        int layers = language.model().shape().layers();
        if (ops.states().size() != layers + 1) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "the model ran %d blocks for its %d layers, so its hidden states can't be told",
                            ops.states().size() - 1,
                            layers));
        }
        List<Tensor> all = new ArrayList<>(ops.states());
        all.set(layers, last);
        return all;
    }

    private Tensor upload(Scope here, Shape shape, int... values) {
        Tensor tensor = here.allocate(DType.INT32, shape);
        language.backend().upload(tensor, values);
        return tensor;
    }

    /** Number of hidden states: the layers and one. */
    public int states() {
        return states.size();
    }

    /** [B, T, C]. */
    public Shape stateShape() {
        return states.getLast().shape();
    }

    /** [B·T, V]. */
    public Shape logitsShape() {
        return Shape.of(batch * length, language.model().shape().vocabulary());
    }

    /**
     * A hidden state [B, T, C], numbered as Hugging Face's transformers does: 0 is the sum of the
     * embeddings, i the output of the i-th block; the last one is what the model gives to its head,
     * so behind the final norm where there is one.
     */
    public float[] state(int index) {
        float[] values = new float[Math.toIntExact(stateShape().size())];
        download(MemorySegment.ofArray(values), states.get(index));
        return values;
    }

    /**
     * The logits [B·T, V]; for small ones, others come {@link #logitsInPieces in pieces}.
     *
     * @throws InvalidScore when one is no number
     */
    public float[] logits() {
        float[] values = new float[Math.toIntExact(logitsShape().size())];
        MemorySegment out = MemorySegment.ofArray(values);
        long at = 0;
        for (MemorySegment piece : logitsInPieces()) {
            MemorySegment.copy(piece, 0, out, at, piece.byteSize());
            at += piece.byteSize();
        }
        return values;
    }

    /**
     * The logits [V] that say what comes behind the last token of a sequence.
     *
     * @throws InvalidScore when one is no number
     */
    public float[] next(int sequence) {
        float[] values = new float[logitsShape().columns()];
        logits(MemorySegment.ofArray(values), (sequence + 1) * length - 1, 1);
        return values;
    }

    /**
     * The logits [B·T, V], some rows at a time, each time in the same memory: a piece is valid until
     * the next one is asked for. Asking throws {@link InvalidScore} when a logit is no number.
     */
    public Iterable<MemorySegment> logitsInPieces() {
        return () -> {
            int rows = Math.clamp(PIECE / logitsShape().columns(), 1, batch * length);
            // Freed by the collector: nobody says when an iteration is over.
            MemorySegment buffer =
                    Arena.ofAuto()
                            .allocate(
                                    ValueLayout.JAVA_FLOAT, (long) rows * logitsShape().columns());
            return IntStream.iterate(0, row -> row < batch * length, row -> row + rows)
                    .mapToObj(row -> logits(buffer, row, Math.min(rows, batch * length - row)))
                    .iterator();
        };
    }

    private MemorySegment logits(MemorySegment out, int first, int rows) {
        Backend backend = language.backend();
        try (Scope step = backend.scope()) {
            int[] indices = IntStream.range(first, first + rows).toArray();
            Tensor scores =
                    language.nextTokens(
                            new RecordingOps(language, step),
                            states.getLast(),
                            HeadRows.of(upload(step, Shape.of(rows), indices)));
            MemorySegment piece = out.asSlice(0, scores.shape().size() * Float.BYTES);
            download(piece, scores);
            requireNumbers(piece, first, rows);
            return piece;
        }
    }

    private void requireNumbers(MemorySegment piece, int first, int rows) {
        float[] row = new float[logitsShape().columns()];
        for (int i = 0; i < rows; i++) {
            long from = (long) i * row.length * Float.BYTES;
            MemorySegment.copy(piece, ValueLayout.JAVA_FLOAT, from, row, 0, row.length);
            int place = first + i;
            InvalidScore.requireLogits(row, 0, row.length, place / length, place % length + 1);
        }
    }

    private void download(MemorySegment out, Tensor tensor) {
        Backend backend = language.backend();
        if (tensor.type() == DType.FLOAT32) {
            backend.download(out, tensor);
            return;
        }
        try (Scope step = backend.scope()) {
            Tensor wide = step.allocate(DType.FLOAT32, tensor.shape());
            backend.cast(wide, tensor);
            backend.download(out, wide);
        }
    }

    /** Gives the hidden states' memory back. */
    @Override
    public void close() {
        scope.close();
    }
}
