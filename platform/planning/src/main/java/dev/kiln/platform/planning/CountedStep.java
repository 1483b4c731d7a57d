package dev.kiln.platform.planning;

import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.autograd.Tape;
import dev.kiln.platform.autograd.dryrun.CountedScope;
import dev.kiln.platform.autograd.dryrun.CountingBackend;
import dev.kiln.platform.training.TrainingWork;
import dev.kiln.platform.training.trainee.Created;
import dev.kiln.platform.training.trainee.Trainee;
import dev.kiln.spi.Context;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.ModelShape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A step of training and one of measuring, taken on backends that count.
 *
 * @param weights all of them
 * @param trained those that have gradients
 * @param operations what training's step computed
 * @param state bytes of the optimizer's state
 * @param activations the most bytes that were alive at once in the step
 * @param evaluation the same while measuring
 * @param logits bytes of a chunk of logits
 */
record CountedStep(
        ModelShape shape,
        List<Weight> weights,
        List<Weight> trained,
        CountingBackend operations,
        long state,
        long activations,
        long evaluation,
        long logits) {
    /**
     * Logits exist in chunks of 8 MiB, or of 512 rows where these are more: with fewer, reading the
     * table would take longer than the product. Backends that differ much would say so themselves.
     */
    private static final long CHUNK = 8 << 20;

    private static final long CHUNK_ROWS = 512;

    /** A process's code, threads, and scratch memory of kernels. */
    private static final long CODE = 128 << 20;

    /** What Java's heap grows to, which holds no tensors but garbage; a smaller one stays below. */
    private static final long HEAP = Math.min(384 << 20, Runtime.getRuntime().maxMemory() / 4);

    /** What a backend keeps beside a matrix's master. */
    interface Packing {
        long bytes(Shape matrix, Precision precision);
    }

    static CountedStep of(TrainingWork work, Context context) {
        CountingBackend backend = new CountingBackend();
        CountedScope allocated = backend.scope();
        Trainee trainee =
                Trainee.create(
                        work.recipe(),
                        context,
                        Trainee.Text.NONE,
                        work.precision(),
                        new Created(backend, allocated, OptionalLong.empty()));
        long state = allocated.peak() - bytes(weights(trainee)) - bytes(trainee.trained());
        CountedScope step = backend.scope();
        Tape tape =
                new Tape(
                        backend,
                        step,
                        work.precision(),
                        trainee.language().layouts(),
                        0,
                        work.checkpointing());
        work.inputs().losses(trainee.language(), trainee.adapted(tape), step, work.batch());
        tape.backward();
        trainee.optimizer().update(1, 0, 1);
        return new CountedStep(
                trainee.language().model().shape(),
                weights(trainee),
                trainee.trained(),
                backend,
                state,
                step.peak(),
                measured(work, trainee),
                logits(work));
    }

    private static long measured(TrainingWork work, Trainee trainee) {
        CountingBackend backend = new CountingBackend();
        CountedScope scope = backend.scope();
        if (work.evaluationBatch() > 0) {
            DirectOps ops =
                    new DirectOps(backend, scope, work.precision(), trainee.language().layouts());
            work.inputs()
                    .losses(
                            trainee.language(),
                            trainee.adapted(ops),
                            scope,
                            work.evaluationBatch());
        }
        return scope.peak();
    }

    private static List<Weight> weights(Trainee trainee) {
        List<Weight> all = new ArrayList<>(trainee.parameters().all());
        all.addAll(trainee.adapters().factors());
        return all;
    }

    private static long logits(TrainingWork work) {
        long row = (long) work.recipe().vocabulary() * DType.FLOAT32.bytes();
        long rows = (long) Math.max(work.batch(), work.evaluationBatch()) * work.inputs().tokens();
        return row * Math.min(rows, Math.max(CHUNK_ROWS, CHUNK / row));
    }

    Plan.Memory memory(TrainingWork work, Packing packing) {
        long masters = bytes(weights);
        long packed =
                weights.stream()
                        .filter(weight -> weight.shape().rank() == 2)
                        .mapToLong(weight -> packing.bytes(weight.shape(), work.precision()))
                        .sum();
        return new Plan.Memory(
                masters + packed,
                bytes(trained),
                state,
                activations,
                evaluation,
                logits + CODE + HEAP,
                work.batch(),
                cache(work.precision()));
    }

    private static long bytes(List<Weight> weights) {
        return weights.stream().mapToLong(w -> w.shape().size()).sum() * Float.BYTES;
    }

    private long cache(Precision precision) {
        CountedScope scope = new CountedScope();
        new CountingBackend()
                .kvCache(
                        scope,
                        precision.activations(),
                        shape.layers(),
                        1,
                        shape.context(),
                        shape.attentionWidth());
        return scope.peak();
    }
}
