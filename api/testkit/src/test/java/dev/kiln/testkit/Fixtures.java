package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Properties;

/** PyTorch's numbers, made by {@code src/test/python/reference_fixtures.py}. */
final class Fixtures implements AutoCloseable {
    final ReferenceBackend backend = new ReferenceBackend();
    private final Scope scope = backend.scope();
    private final Properties numbers = new Properties();

    Fixtures() {
        try (InputStream in = Fixtures.class.getResourceAsStream("pytorch.properties")) {
            numbers.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    double[] numbers(String name) {
        return Arrays.stream(numbers.getProperty(name).split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    Tensor tensor(String name, int... shape) {
        Tensor tensor = fresh(shape);
        backend.set(tensor, numbers(name));
        return tensor;
    }

    Tensor fresh(int... shape) {
        return scope.allocate(DType.FLOAT32, Shape.of(shape));
    }

    Tensor ids(int... values) {
        Tensor tensor = scope.allocate(DType.INT32, Shape.of(values.length));
        backend.upload(tensor, values);
        return tensor;
    }

    Tensor floats(double... values) {
        Tensor tensor = fresh(values.length);
        backend.set(tensor, values);
        return tensor;
    }

    Weight weight(String name, int... shape) {
        Weight weight = backend.weight(scope, name, Shape.of(shape), true);
        backend.set(weight.value(), numbers(name));
        return weight;
    }

    Scope scope() {
        return scope;
    }

    void same(String name, Tensor actual) {
        assertArrayEquals(numbers(name), backend.values(actual), 1e-12, name);
    }

    @Override
    public void close() {
        backend.close();
    }
}
