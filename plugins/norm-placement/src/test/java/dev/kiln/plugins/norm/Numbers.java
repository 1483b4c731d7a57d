package dev.kiln.plugins.norm;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Ops;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.ReferenceOps;
import java.util.List;

/** Runs a placement on one number: the norm multiplies by 10, the sublayer adds 1. */
final class Numbers {
    private Numbers() {}

    static double[] apply(NormPlacement placement, double x) {
        try (ReferenceBackend backend = new ReferenceBackend();
                Scope scope = backend.scope()) {
            Ops ops = ReferenceOps.direct(backend, scope);
            Tensor one = number(backend, scope, 1);
            return backend.values(
                    placement.apply(
                            ops,
                            number(backend, scope, x),
                            List.of(y -> ops.scale(y, 10)),
                            y -> ops.add(y, one)));
        }
    }

    private static Tensor number(ReferenceBackend backend, Scope scope, double value) {
        Tensor tensor = scope.allocate(DType.FLOAT32, Shape.of(1, 1, 1));
        backend.set(tensor, value);
        return tensor;
    }
}
