package dev.kiln.platform.autograd;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Attention;
import dev.kiln.spi.model.Ops;
import java.util.function.UnaryOperator;

/** Operations of others, with adapters in their products. */
record AdaptedOps(Ops ops, Adapters adapters) implements Ops {

    @Override
    public Tensor linear(Tensor x, Weight weight) {
        return adapted(x, weight, ops.linear(x, weight));
    }

    @Override
    public Tensor linear(Tensor x, Weight weight, Weight bias) {
        return adapted(x, weight, ops.linear(x, weight, bias));
    }

    @Override
    public Tensor linearActivation(
            Tensor x, Weight weight, Weight bias, ActivationFunction function) {
        return adapters.of(weight).isPresent()
                ? ops.activation(linear(x, weight, bias), function)
                : ops.linearActivation(x, weight, bias, function);
    }

    private Tensor adapted(Tensor x, Weight weight, Tensor product) {
        return adapters.of(weight)
                .map(adapter -> ops.add(product, change(x, adapter)))
                .orElse(product);
    }

    private Tensor change(Tensor x, Adapters.Adapter adapter) {
        Tensor low = ops.linear(ops.dropout(x, adapters.dropout()), adapter.down());
        return ops.scale(ops.linear(low, adapter.up()), adapters.scale());
    }

    @Override
    public Tensor embedding(Weight table, Tensor ids) {
        return ops.embedding(table, ids);
    }

    @Override
    public Tensor activation(Tensor x, ActivationFunction function) {
        return ops.activation(x, function);
    }

    @Override
    public Tensor layerNorm(Tensor x, Weight gain, Weight bias, double epsilon) {
        return ops.layerNorm(x, gain, bias, epsilon);
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        return ops.add(a, b);
    }

    @Override
    public Tensor multiply(Tensor a, Tensor b) {
        return ops.multiply(a, b);
    }

    @Override
    public Tensor scale(Tensor x, double factor) {
        return ops.scale(x, factor);
    }

    @Override
    public Tensor dropout(Tensor x, double rate) {
        return ops.dropout(x, rate);
    }

    @Override
    public Weight dropout(Weight weight, double rate) {
        return ops.dropout(weight, rate);
    }

    @Override
    public Tensor attention(Tensor qkv, Attention attention) {
        return ops.attention(qkv, attention);
    }

    @Override
    public Tensor gather(Tensor x, Tensor rows) {
        return ops.gather(x, rows);
    }

    @Override
    public Tensor reshape(Tensor x, Shape shape) {
        return ops.reshape(x, shape);
    }

    @Override
    public Tensor sumRows(Tensor x, int count) {
        return ops.sumRows(x, count);
    }

    @Override
    public Tensor logits(Tensor hidden, Weight table) {
        return ops.logits(hidden, table);
    }

    @Override
    public Tensor projectedCrossEntropy(
            Tensor hidden, Weight table, Tensor targets, Tensor weights) {
        return ops.projectedCrossEntropy(hidden, table, targets, weights);
    }

    @Override
    public Tensor crossEntropy(Tensor logits, Tensor targets, Tensor weights) {
        return ops.crossEntropy(logits, targets, weights);
    }

    @Override
    public Tensor block(Tensor x, UnaryOperator<Tensor> body) {
        return ops.block(x, body);
    }
}
