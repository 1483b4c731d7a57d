package dev.kiln.platform.planning;

import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Tape;
import dev.kiln.spi.Context;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.training.Optimizer;
import java.util.List;

/**
 * A step of training and one of measuring, taken on backends that count.
 *
 * @param operations what training's step computed
 * @param state bytes of the optimizer's state
 * @param activations the most bytes that were alive at once in the step
 * @param evaluation the same while measuring
 * @param logits bytes of a chunk of logits
 */
record CountedStep(
        ModelShape shape,
        List<Weight> weights,
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

    static CountedStep of(Work work, Context context) {
        CountingBackend backend = new CountingBackend();
        CountedWeights weights = new CountedWeights(backend, backend.scope());
        Model model = work.model().create(context).build(weights, work.vocabulary());
        TaskHead.Attached head = work.head().create(context).attach(weights.in("head"), model);
        CountedScope state = backend.scope();
        Optimizer.Attached optimizer =
                work.optimizer().create(context).attach(backend, state, weights.all());
        Layouts layouts = new Layouts();
        CountedScope step = backend.scope();
        Tape tape = new Tape(backend, step, work.precision(), layouts, 0, work.checkpointing());
        losses(tape, step, work.batch(), work.length(), model, head);
        tape.backward();
        optimizer.update(1, 0, 1);
        CountedScope measured = backend.scope();
        if (work.evaluationBatch() > 0) {
            DirectOps ops =
                    new DirectOps(new CountingBackend(), measured, work.precision(), layouts);
            losses(ops, measured, work.evaluationBatch(), work.length(), model, head);
        }
        return new CountedStep(
                model.shape(),
                weights.all(),
                backend,
                state.peak(),
                step.peak(),
                measured.peak(),
                logits(work));
    }

    private static void losses(
            Ops ops, Scope scope, int batch, int length, Model model, TaskHead.Attached head) {
        Shape shape = Shape.of(batch, length);
        Shape flat = Shape.of(batch * length);
        Tensor ids = scope.allocate(DType.INT32, shape);
        Tensor positions = scope.allocate(DType.INT32, shape);
        Tensor targets = scope.allocate(DType.INT32, flat);
        Tensor weights = scope.allocate(DType.FLOAT32, flat);
        HeadInput labels = new HeadInput(HeadRows.ALL, targets, weights);
        head.losses(ops, model.hidden(ops, ids, positions), labels);
    }

    private static long logits(Work work) {
        long row = (long) work.vocabulary() * DType.FLOAT32.bytes();
        long rows = (long) Math.max(work.batch(), work.evaluationBatch()) * work.length();
        return row * Math.min(rows, Math.max(CHUNK_ROWS, CHUNK / row));
    }

    Plan.Memory memory(Work work, Packing packing) {
        long masters = weights.stream().mapToLong(w -> w.shape().size()).sum() * Float.BYTES;
        long packed =
                weights.stream()
                        .filter(weight -> weight.shape().rank() == 2)
                        .mapToLong(weight -> packing.bytes(weight.shape(), work.precision()))
                        .sum();
        return new Plan.Memory(
                masters + packed,
                masters,
                state,
                activations,
                evaluation,
                logits + CODE + HEAP,
                work.batch(),
                cache(work.precision()));
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
