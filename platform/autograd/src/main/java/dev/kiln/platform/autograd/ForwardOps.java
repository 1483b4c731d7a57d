package dev.kiln.platform.autograd;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Attention;
import dev.kiln.spi.model.Ops;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Every operation's forward pass, written once: check shapes, allocate, call the kernel, and tell
 * the subclass what was run. Subclasses decide what becomes of it.
 */
abstract class ForwardOps implements Ops {
    final Backend backend;
    final Scope scope;
    final Precision precision;
    final Layouts layouts;

    ForwardOps(Backend backend, Scope scope, Precision precision, Layouts layouts) {
        this.backend = backend;
        this.scope = scope;
        this.precision = precision;
        this.layouts = layouts;
    }

    /** Takes note of an operation and returns its output. */
    abstract Tensor ran(Operation operation);

    /** Dropout at the next place, {@link Dropout#NONE} while not training. */
    abstract Dropout dropoutHere(double rate);

    /** A tensor that is computed from x has x's type. */
    final Tensor from(Tensor x, Shape shape) {
        return scope.allocate(x.type(), shape);
    }

    /** What is float32 in every precision: statistics, logits, losses. */
    final Tensor exact(Shape shape) {
        return scope.allocate(DType.FLOAT32, shape);
    }

    final Tensor like(Tensor x) {
        return from(x, x.shape());
    }

    @Override
    public Tensor embedding(Weight table, Tensor ids) {
        OpShapes.ids("embedding", ids);
        Tensor out =
                scope.allocate(
                        precision.activations(), extend(ids.shape(), table.shape().columns()));
        backend.embedding(out, table, ids);
        return ran(new Operation.Embedding(out, table, ids));
    }

    @Override
    public Tensor linear(Tensor x, Weight weight) {
        OpShapes.linear(x, weight);
        Tensor out = from(x, x.shape().withColumns(weight.shape().columns()));
        backend.linear(out, x, weight);
        return ran(new Operation.Linear(out, x, weight, Optional.empty()));
    }

    @Override
    public Tensor linear(Tensor x, Weight weight, Weight bias) {
        OpShapes.linear(x, weight);
        OpShapes.perColumn("linear", weight.shape(), bias);
        Tensor out = from(x, x.shape().withColumns(weight.shape().columns()));
        backend.linear(out, x, weight, bias);
        return ran(new Operation.Linear(out, x, weight, Optional.of(bias)));
    }

    @Override
    public Tensor linearActivation(
            Tensor x, Weight weight, Weight bias, ActivationFunction function) {
        OpShapes.linear(x, weight);
        OpShapes.perColumn("linearActivation", weight.shape(), bias);
        Tensor before = from(x, x.shape().withColumns(weight.shape().columns()));
        Tensor out = like(before);
        backend.linearActivation(out, before, x, weight, bias, function);
        return ran(new Operation.LinearActivation(out, before, x, weight, bias, function));
    }

    @Override
    public Tensor activation(Tensor x, ActivationFunction function) {
        Tensor out = like(x);
        backend.activation(out, x, function);
        return ran(new Operation.ActivationOf(out, x, function));
    }

    @Override
    public Tensor layerNorm(Tensor x, Weight gain, Weight bias, double epsilon) {
        OpShapes.perColumn("layerNorm", x.shape(), gain);
        OpShapes.perColumn("layerNorm", x.shape(), bias);
        Tensor out = like(x);
        Tensor statistics = exact(Shape.of(2, x.shape().rows()));
        backend.layerNorm(out, statistics, x, gain, bias, epsilon);
        return ran(new Operation.LayerNorm(out, statistics, x, gain, bias));
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        OpShapes.sameShape("add", a, b);
        Tensor out = like(a);
        backend.add(out, a, b);
        return ran(new Operation.Add(out, a, b));
    }

    @Override
    public Tensor multiply(Tensor a, Tensor b) {
        OpShapes.sameShape("multiply", a, b);
        Tensor out = like(a);
        backend.multiply(out, a, b);
        return ran(new Operation.Multiply(out, a, b));
    }

    @Override
    public Tensor scale(Tensor x, double factor) {
        Tensor out = like(x);
        backend.scale(out, x, factor);
        return ran(new Operation.Scale(out, x, factor));
    }

    @Override
    public Tensor dropout(Tensor x, double rate) {
        Dropout dropout = dropoutHere(rate);
        if (!dropout.active()) {
            return x;
        }
        Tensor out = like(x);
        backend.dropout(out, x, dropout);
        return ran(new Operation.Drop(out, x, dropout));
    }

    @Override
    public Weight dropout(Weight weight, double rate) {
        return weight;
    }

    @Override
    public Tensor attention(Tensor qkv, Attention attention) {
        OpShapes.attention(qkv, attention.heads());
        int batch = qkv.shape().dimension(0);
        int length = qkv.shape().dimension(1);
        AttentionSpec spec =
                new AttentionSpec(
                        attention.heads(),
                        layouts.of(attention.pattern(), attention.layer(), length, length),
                        attention.scale(),
                        dropoutHere(attention.dropout()));
        Tensor out = from(qkv, qkv.shape().withColumns(qkv.shape().columns() / 3));
        Tensor logSumExp = exact(Shape.of(batch, attention.heads(), length));
        backend.attention(out, logSumExp, qkv, spec);
        return ran(new Operation.Attend(out, logSumExp, qkv, spec));
    }

    @Override
    public Tensor gather(Tensor x, Tensor rows) {
        OpShapes.ids("gather", rows);
        Tensor out = from(x, Shape.of(Math.toIntExact(rows.shape().size()), x.shape().columns()));
        backend.gather(out, x, rows);
        return ran(new Operation.Gather(out, x, rows));
    }

    @Override
    public Tensor reshape(Tensor x, Shape shape) {
        OpShapes.sameSize("reshape", x, shape);
        Tensor out = from(x, shape);
        backend.copy(out, x);
        return ran(new Operation.Reshape(out, x));
    }

    @Override
    public Tensor sumRows(Tensor x, int count) {
        OpShapes.groups("sumRows", x, count);
        int rows = x.shape().rows();
        Tensor sums = scope.allocate(DType.INT32, Shape.of(rows));
        backend.upload(sums, IntStream.range(0, rows).map(row -> row / count).toArray());
        Tensor out = from(x, Shape.of(rows / count, x.shape().columns()));
        Gradients.scatter(backend, scope, out, x, sums);
        return ran(new Operation.SumRows(out, x, sums));
    }

    @Override
    public Tensor logits(Tensor hidden, Weight table) {
        OpShapes.table("logits", hidden, table);
        Tensor out = exact(Shape.of(hidden.shape().rows(), table.shape().rows()));
        backend.logits(out, hidden, table);
        return out;
    }

    /** Cross-entropy of a small head's logits, which are an activation; the loss wants float32. */
    final void score(Tensor losses, Tensor dLogits, Tensor logits, Tensor targets, Tensor weights) {
        if (logits.type() == DType.FLOAT32) {
            backend.crossEntropy(losses, dLogits, logits, targets, weights);
            return;
        }
        Tensor wide = exact(logits.shape());
        backend.cast(wide, logits);
        backend.crossEntropy(losses, wide, wide, targets, weights);
        backend.cast(dLogits, wide);
        scope.release(wide);
    }

    private static Shape extend(Shape ids, int columns) {
        int[] dimensions = java.util.Arrays.copyOf(ids.toArray(), ids.rank() + 1);
        dimensions[ids.rank()] = columns;
        return Shape.of(dimensions);
    }
}
