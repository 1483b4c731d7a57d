package dev.kiln.platform.training.finetune;

import dev.kiln.platform.tasks.HeadBatch;
import dev.kiln.platform.tasks.HeadExample;
import dev.kiln.platform.training.loop.Batches;
import dev.kiln.platform.training.loop.Update;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import java.util.List;

/**
 * The training examples of a task, epoch by epoch; a position is the number of batches read. An update
 * takes {@code gradientAccumulation} batches of one epoch, the last one of an epoch what is left.
 * Every example of an update counts the same. Used by one thread.
 */
final class TaskBatches implements Batches<HeadBatch> {
    private final Backend backend;
    private final List<HeadExample> examples;
    private final FinetuneOptions.Training options;
    private final Batching batching;
    private final int perEpoch;
    private long epoch = -1;
    private List<List<HeadExample>> batches = List.of();

    TaskBatches(
            Backend backend,
            List<HeadExample> examples,
            FinetuneOptions.Training options,
            long seed) {
        this.backend = backend;
        this.examples = examples;
        this.options = options;
        batching = new Batching(options.batch(), seed);
        perEpoch = Math.ceilDiv(examples.size(), options.batch());
    }

    /** Updates of an epoch. */
    int updatesPerEpoch() {
        return Math.ceilDiv(perEpoch, options.gradientAccumulation());
    }

    @Override
    public Length length(long step, long tokens) {
        long perEpochTokens = examples.stream().mapToLong(HeadExample::tokens).sum();
        return new Length(
                (long) updatesPerEpoch() * options.epochs(), perEpochTokens * options.epochs());
    }

    @Override
    public Update<HeadBatch> at(long tokens, long position) {
        enter(position / perEpoch);
        int from = (int) (position % perEpoch);
        int to = Math.min(from + options.gradientAccumulation(), perEpoch);
        return new Examples(position, batches.subList(from, to));
    }

    private void enter(long wanted) {
        if (epoch != wanted) {
            epoch = wanted;
            batches = batching.batches(examples, Math.toIntExact(wanted) + 1);
        }
    }

    private final class Examples implements Update<HeadBatch> {
        private final long position;
        private final List<List<HeadExample>> batches;
        private final HeadBatch.Counts counts;

        Examples(long position, List<List<HeadExample>> batches) {
            this.position = position;
            this.batches = batches;
            List<HeadExample> all = batches.stream().flatMap(List::stream).toList();
            counts = HeadBatch.Counts.means(all, options.languageModel());
        }

        @Override
        public int batches() {
            return batches.size();
        }

        @Override
        public long tokens() {
            return batches.stream().flatMap(List::stream).mapToLong(HeadExample::tokens).sum();
        }

        @Override
        public long end() {
            return place(batches.size());
        }

        @Override
        public long place(int batch) {
            return position + batch;
        }

        @Override
        public HeadBatch upload(int batch, Scope scope) {
            return HeadBatch.upload(backend, scope, batches.get(batch), counts);
        }
    }
}
