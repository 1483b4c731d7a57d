package dev.kiln.testkit;

import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;

/** The oracle with one scope and operands, for contracts of what is written in {@code Ops}. */
final class Workbench implements AutoCloseable {
    private final ReferenceBackend backend = new ReferenceBackend();
    private final Scope scope = backend.scope();
    private final Kit kit = new Kit(backend, scope);

    ReferenceBackend backend() {
        return backend;
    }

    Scope scope() {
        return scope;
    }

    ReferenceOps ops() {
        return ReferenceOps.direct(backend, scope);
    }

    ReferenceWeights weights() {
        return new ReferenceWeights(backend, scope, 1);
    }

    Tensor normal(String name, int... shape) {
        return kit.normal(name, shape);
    }

    Tensor floats(float[] values, int... shape) {
        return kit.floats(values, shape);
    }

    Tensor filled(float value, int... shape) {
        return kit.filled(value, shape);
    }

    Tensor ids(int[] values, int... shape) {
        return kit.ids(values, shape);
    }

    double[] values(Tensor tensor) {
        return backend.values(tensor);
    }

    @Override
    public void close() {
        backend.close();
    }
}
