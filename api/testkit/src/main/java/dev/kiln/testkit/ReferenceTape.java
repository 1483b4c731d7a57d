package dev.kiln.testkit;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Attention;
import dev.kiln.spi.model.Ops;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * {@link Ops} that know the way back: on the oracle, without dropout. {@link #backward} adds the
 * gradients of the sum of all terms of the objective to the weights'.
 */
final class ReferenceTape implements Ops {
    private final ReferenceBackend backend;
    private final Scope scope;
    private final Ops direct;
    private final Map<Tensor, Tensor> gradients = new IdentityHashMap<>();
    private final Deque<Runnable> steps = new ArrayDeque<>();

    ReferenceTape(ReferenceBackend backend, Scope scope) {
        this.backend = backend;
        this.scope = scope;
        this.direct = ReferenceOps.direct(backend, scope);
    }

    void backward() {
        while (!steps.isEmpty()) {
            steps.pop().run();
        }
    }

    /** What the objective's gradient is with respect to a tensor, zeros where it has no part. */
    Tensor gradient(Tensor of) {
        return gradients.computeIfAbsent(
                of,
                tensor -> {
                    Tensor zeros = fresh(tensor.shape());
                    backend.fill(zeros, 0);
                    return zeros;
                });
    }

    private Tensor fresh(Shape shape) {
        return scope.allocate(DType.FLOAT32, shape);
    }

    private Tensor back(Tensor out, Consumer<Tensor> step) {
        steps.push(() -> step.accept(gradient(out)));
        return out;
    }

    private void accumulate(Tensor to, Tensor part) {
        backend.addScaled(gradient(to), part, 1);
    }

    @Override
    public Tensor embedding(Weight table, Tensor ids) {
        return back(
                direct.embedding(table, ids),
                dOut -> backend.scatterAdd(table.gradient(), dOut, ids));
    }

    @Override
    public Tensor linear(Tensor x, Weight weight) {
        return back(
                direct.linear(x, weight),
                dOut -> {
                    Tensor dX = fresh(x.shape());
                    backend.linearBackwardInput(dX, dOut, weight);
                    backend.linearBackwardWeight(weight, x, dOut);
                    accumulate(x, dX);
                });
    }

    @Override
    public Tensor linear(Tensor x, Weight weight, Weight bias) {
        Tensor product = linear(x, weight);
        backend.addBias(product, bias.value());
        steps.push(() -> backend.addRowSum(bias.gradient(), gradient(product)));
        return product;
    }

    @Override
    public Tensor linearActivation(
            Tensor x, Weight weight, Weight bias, ActivationFunction function) {
        return activation(linear(x, weight, bias), function);
    }

    @Override
    public Tensor activation(Tensor x, ActivationFunction function) {
        return back(
                direct.activation(x, function),
                dOut -> {
                    Tensor dX = fresh(x.shape());
                    backend.activationBackward(dX, dOut, x, function);
                    accumulate(x, dX);
                });
    }

    @Override
    public Tensor layerNorm(Tensor x, Weight gain, Weight bias, double epsilon) {
        Tensor out = fresh(x.shape());
        Tensor statistics = fresh(Shape.of(2, x.shape().rows()));
        backend.layerNorm(out, statistics, x, gain, bias, epsilon);
        return back(
                out,
                dOut -> {
                    Tensor dX = fresh(x.shape());
                    backend.layerNormBackward(dX, dOut, x, statistics, gain, bias);
                    accumulate(x, dX);
                });
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        return back(
                direct.add(a, b),
                dOut -> {
                    accumulate(a, dOut);
                    accumulate(b, dOut);
                });
    }

    @Override
    public Tensor multiply(Tensor a, Tensor b) {
        return back(
                direct.multiply(a, b),
                dOut -> {
                    accumulate(a, direct.multiply(dOut, b));
                    accumulate(b, direct.multiply(dOut, a));
                });
    }

    @Override
    public Tensor scale(Tensor x, double factor) {
        return back(direct.scale(x, factor), dOut -> accumulate(x, direct.scale(dOut, factor)));
    }

    @Override
    public Tensor dropout(Tensor x, double rate) {
        return x;
    }

    @Override
    public Weight dropout(Weight weight, double rate) {
        return weight;
    }

    @Override
    public Tensor attention(Tensor qkv, Attention attention) {
        Shape shape = qkv.shape();
        int length = shape.dimension(1);
        AttentionLayout layout = attention.pattern().layout(attention.layer(), length, length);
        AttentionSpec spec =
                new AttentionSpec(attention.heads(), layout, attention.scale(), Dropout.NONE);
        Tensor out = fresh(shape.withColumns(shape.columns() / 3));
        Tensor lse = fresh(Shape.of(shape.dimension(0), attention.heads(), length));
        backend.attention(out, lse, qkv, spec);
        return back(
                out,
                dOut -> {
                    Tensor dQkv = fresh(shape);
                    backend.attentionBackward(dQkv, dOut, out, lse, qkv, spec);
                    accumulate(qkv, dQkv);
                });
    }

    @Override
    public Tensor gather(Tensor x, Tensor rows) {
        return back(direct.gather(x, rows), dOut -> backend.scatterAdd(gradient(x), dOut, rows));
    }

    @Override
    public Tensor reshape(Tensor x, Shape shape) {
        return back(
                direct.reshape(x, shape), dOut -> accumulate(x, direct.reshape(dOut, x.shape())));
    }

    @Override
    public Tensor sumRows(Tensor x, int count) {
        Tensor groups = scope.allocate(DType.INT32, Shape.of(x.shape().rows()));
        backend.upload(
                groups, IntStream.range(0, x.shape().rows()).map(row -> row / count).toArray());
        return back(
                direct.sumRows(x, count),
                dOut -> accumulate(x, direct.reshape(direct.gather(dOut, groups), x.shape())));
    }

    @Override
    public Tensor logits(Tensor hidden, Weight table) {
        return direct.logits(hidden, table);
    }

    @Override
    public Tensor projectedCrossEntropy(
            Tensor hidden, Weight table, Tensor targets, Tensor weights) {
        steps.push(
                () -> {
                    Tensor losses = fresh(weights.shape());
                    Tensor dHidden = fresh(hidden.shape());
                    backend.projectedCrossEntropyBackward(
                            losses, dHidden, hidden, table, targets, weights);
                    accumulate(hidden, dHidden);
                });
        return direct.projectedCrossEntropy(hidden, table, targets, weights);
    }

    @Override
    public Tensor crossEntropy(Tensor logits, Tensor targets, Tensor weights) {
        Tensor losses = fresh(weights.shape());
        Tensor dLogits = fresh(logits.shape());
        backend.crossEntropy(losses, dLogits, logits, targets, weights);
        steps.push(() -> accumulate(logits, dLogits));
        return losses;
    }

    @Override
    public Tensor block(Tensor x, UnaryOperator<Tensor> body) {
        return body.apply(x);
    }
}
