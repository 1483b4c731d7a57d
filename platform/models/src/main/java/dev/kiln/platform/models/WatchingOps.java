package dev.kiln.platform.models;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Attention;
import dev.kiln.spi.model.Ops;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Notes what each weight is used for; its tensors have shapes and no elements. */
final class WatchingOps implements Ops {
    private final Map<String, WeightRole> roles = new HashMap<>();

    /** A tensor without elements. */
    record Sized(DType type, Shape shape) implements Tensor {}

    /** What a weight was used for; OTHER if for nothing. */
    WeightRole role(String name, Shape shape) {
        return shape.rank() == 2 ? roles.getOrDefault(name, WeightRole.OTHER) : WeightRole.OTHER;
    }

    /** Another use of a weight. */
    void note(Weight weight, WeightRole role) {
        roles.merge(weight.name(), role, WeightRole::and);
    }

    private static Tensor floats(Shape shape) {
        return new Sized(DType.FLOAT32, shape);
    }

    private static Shape rows(Tensor x, int columns) {
        return Shape.of(x.shape().rows(), columns);
    }

    @Override
    public Tensor embedding(Weight table, Tensor ids) {
        note(table, WeightRole.EMBEDDING);
        int[] dimensions = Arrays.copyOf(ids.shape().toArray(), ids.shape().rank() + 1);
        dimensions[ids.shape().rank()] = table.shape().columns();
        return floats(Shape.of(dimensions));
    }

    @Override
    public Tensor linear(Tensor x, Weight weight) {
        note(weight, WeightRole.LINEAR);
        return floats(x.shape().withColumns(weight.shape().columns()));
    }

    @Override
    public Tensor linear(Tensor x, Weight weight, Weight bias) {
        note(bias, WeightRole.OTHER);
        return linear(x, weight);
    }

    @Override
    public Tensor linearActivation(
            Tensor x, Weight weight, Weight bias, ActivationFunction function) {
        return linear(x, weight, bias);
    }

    @Override
    public Tensor activation(Tensor x, ActivationFunction function) {
        return floats(x.shape());
    }

    @Override
    public Tensor layerNorm(Tensor x, Weight gain, Weight bias, double epsilon) {
        note(gain, WeightRole.OTHER);
        note(bias, WeightRole.OTHER);
        return floats(x.shape());
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        return floats(a.shape());
    }

    @Override
    public Tensor multiply(Tensor a, Tensor b) {
        return floats(a.shape());
    }

    @Override
    public Tensor scale(Tensor x, double factor) {
        return floats(x.shape());
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
        return floats(qkv.shape().withColumns(qkv.shape().columns() / 3));
    }

    @Override
    public Tensor gather(Tensor x, Tensor rows) {
        return floats(Shape.of(Math.toIntExact(rows.shape().size()), x.shape().columns()));
    }

    @Override
    public Tensor reshape(Tensor x, Shape shape) {
        return floats(shape);
    }

    @Override
    public Tensor sumRows(Tensor x, int count) {
        return floats(Shape.of(x.shape().rows() / count, x.shape().columns()));
    }

    @Override
    public Tensor logits(Tensor hidden, Weight table) {
        note(table, WeightRole.TABLE);
        return floats(rows(hidden, table.shape().rows()));
    }

    @Override
    public Tensor projectedCrossEntropy(
            Tensor hidden, Weight table, Tensor targets, Tensor weights) {
        note(table, WeightRole.TABLE);
        return floats(Shape.of(hidden.shape().rows()));
    }

    @Override
    public Tensor crossEntropy(Tensor logits, Tensor targets, Tensor weights) {
        return floats(Shape.of(logits.shape().rows()));
    }

    @Override
    public Tensor block(Tensor x, UnaryOperator<Tensor> body) {
        return body.apply(x);
    }
}
