package dev.kiln.testkit;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One backend at work on a clause: makes operands, the same on every backend, and notes results.
 * Numbers follow from the operand's name.
 */
final class Kit {
    private final Backend backend;
    private final Scope scope;
    private final List<Result> results = new ArrayList<>();

    /** Of what frozen weights are read from: it lives as long as this. */
    private final Arena stored = Arena.ofAuto();

    Kit(Backend backend, Scope scope) {
        this.backend = backend;
        this.scope = scope;
    }

    /**
     * What a clause looks at.
     *
     * @param length of the longest sum behind an element, which its rounding grows with
     * @param magnitude of the terms that may cancel in an element
     * @param roundings magnitude of the terms that may be rounded to bfloat16 on their way
     */
    record Result(
            String name,
            DType type,
            Shape shape,
            double[] values,
            long length,
            double magnitude,
            double roundings) {}

    Backend backend() {
        return backend;
    }

    Scope scope() {
        return scope;
    }

    List<Result> results() {
        return results;
    }

    /** An output to be overwritten: it holds NaN. */
    Tensor fresh(int... shape) {
        return filled(Float.NaN, shape);
    }

    Tensor filled(float value, int... shape) {
        float[] values = new float[Math.toIntExact(Shape.of(shape).size())];
        Arrays.fill(values, value);
        return floats(values, shape);
    }

    /** Standard normal numbers. */
    Tensor normal(String name, int... shape) {
        return floats(normals(name, Math.toIntExact(Shape.of(shape).size())), shape);
    }

    static float[] normals(String name, int size) {
        long key = Randomness.key(20, name);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) Randomness.normal(key, i);
        }
        return values;
    }

    Tensor floats(float[] values, int... shape) {
        Tensor tensor = scope.allocate(DType.FLOAT32, Shape.of(shape));
        backend.upload(tensor, values);
        return tensor;
    }

    /** Standard normal numbers, rounded. */
    Tensor bfloat16(String name, int... shape) {
        return bfloat16(normals(name, Math.toIntExact(Shape.of(shape).size())), shape);
    }

    /** An output to be overwritten: it holds NaN. */
    Tensor freshBfloat16(int... shape) {
        float[] values = new float[Math.toIntExact(Shape.of(shape).size())];
        Arrays.fill(values, Float.NaN);
        return bfloat16(values, shape);
    }

    Tensor bfloat16(float[] values, int... shape) {
        short[] rounded = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = Bfloat16.narrow(Bfloat16.nearest(values[i]));
        }
        Tensor tensor = scope.allocate(DType.BFLOAT16, Shape.of(shape));
        backend.upload(tensor, MemorySegment.ofArray(rounded));
        return tensor;
    }

    /** Ids in [0, bound), repeated ones among them. */
    Tensor randomIds(String name, int bound, int... shape) {
        long key = Randomness.key(21, name);
        int[] values = new int[Math.toIntExact(Shape.of(shape).size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (int) Randomness.below(key, i, bound);
        }
        return ids(values, shape);
    }

    Tensor ids(int[] values, int... shape) {
        Tensor tensor = scope.allocate(DType.INT32, Shape.of(shape));
        backend.upload(tensor, values);
        return tensor;
    }

    /** A trainable weight whose gradient isn't zero, so that adding to it shows. */
    Weight weight(String name, int... shape) {
        Weight weight = weight(name, true, shape);
        backend.upload(weight.gradient(), normals(name + " gradient", size(weight)));
        return weight;
    }

    /** A weight without a gradient. */
    Weight frozen(String name, int... shape) {
        return weight(name, false, shape);
    }

    /** A weight that is only read, for linear. */
    Weight stored(WeightFormat format, int in, int out) {
        return backend.frozen(scope, FrozenExamples.weight(stored, "stored", format, in, out));
    }

    /** A table that is only read. */
    Weight storedTable(WeightFormat format, int rows, int columns) {
        return backend.frozen(scope, FrozenExamples.table(stored, "stored", format, rows, columns));
    }

    private Weight weight(String name, boolean trainable, int... shape) {
        Weight weight = backend.weight(scope, name, Shape.of(shape), trainable);
        backend.upload(weight.value(), normals(name, size(weight)));
        backend.refresh(weight);
        return weight;
    }

    private static int size(Weight weight) {
        return Math.toIntExact(weight.shape().size());
    }

    /** Notes an elementwise result of numbers around 1. */
    void show(String name, Tensor tensor) {
        show(name, tensor, 1, 1);
    }

    void show(String name, Tensor tensor, long length, double magnitude) {
        show(name, tensor, length, magnitude, 0);
    }

    void show(String name, Tensor tensor, long length, double magnitude, double roundings) {
        results.add(
                new Result(
                        name,
                        tensor.type(),
                        tensor.shape(),
                        values(tensor),
                        length,
                        magnitude,
                        roundings));
    }

    void show(String name, Shape shape, double[] values, long length, double magnitude) {
        results.add(new Result(name, DType.FLOAT32, shape, values, length, magnitude, 0));
    }

    /** The elements as this backend has them: the oracle's are not rounded. */
    double[] values(Tensor tensor) {
        if (backend instanceof ReferenceBackend reference) {
            return reference.values(tensor);
        }
        float[] floats = backend.floats(tensor);
        double[] values = new double[floats.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = floats[i];
        }
        return values;
    }
}
