package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.training.corpus.MixedWindows;
import dev.kiln.platform.training.loop.Batches;
import dev.kiln.platform.training.loop.Update;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import java.util.Arrays;

/**
 * The training sequences of a corpus, {@code batch} at a time; a position is the number of sequences
 * read. Every token of an update counts the same, and all together 1. Used by one thread.
 */
public final class TextBatches implements Batches<TextBatch> {
    private final Backend backend;
    private final MixedWindows windows;
    private final TextPlan plan;
    private final int batch;
    private final int length;
    private final int[] window;
    private final int[] ids;
    private final int[] targets;
    private final float[] weights;

    /**
     * @param length of a training sequence
     */
    public TextBatches(
            Backend backend, MixedWindows windows, PretrainOptions.Training training, int length) {
        this.backend = backend;
        this.windows = windows;
        this.length = length;
        plan = TextPlan.of(training, length);
        batch = training.batch();
        window = new int[length + 1];
        ids = new int[batch * length];
        targets = new int[ids.length];
        weights = new float[ids.length];
    }

    @Override
    public Length length(long step, long tokens) {
        return plan.length(step, tokens);
    }

    @Override
    public Update<TextBatch> at(long tokens, long position) {
        return new Sequences(position, plan.batches(tokens));
    }

    private TextBatch upload(long position, int batches, Scope scope) {
        for (int b = 0; b < batch; b++) {
            windows.copy(position + b, window, 0);
            System.arraycopy(window, 0, ids, b * length, length);
            System.arraycopy(window, 1, targets, b * length, length);
        }
        Arrays.fill(weights, 1f / ((float) ids.length * batches));
        return TextBatch.upload(backend, scope, length, ids, targets, weights);
    }

    private final class Sequences implements Update<TextBatch> {
        private final long position;
        private final int batches;

        Sequences(long position, int batches) {
            this.position = position;
            this.batches = batches;
        }

        @Override
        public int batches() {
            return batches;
        }

        @Override
        public long tokens() {
            return (long) batches * ids.length;
        }

        @Override
        public long end() {
            return place(batches);
        }

        @Override
        public long place(int index) {
            return position + (long) index * batch;
        }

        @Override
        public TextBatch upload(int index, Scope scope) {
            return TextBatches.this.upload(place(index), batches, scope);
        }
    }
}
