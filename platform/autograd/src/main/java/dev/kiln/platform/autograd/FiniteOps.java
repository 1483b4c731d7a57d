package dev.kiln.platform.autograd;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.Locale;

/**
 * Runs a model and stops at the first tensor that is not finite: for finding out why a loss is NaN.
 * Used by one thread at a time.
 */
public final class FiniteOps extends DirectOps {
    private String place = "the input";

    public FiniteOps(Backend backend, Scope scope, Precision precision, Layouts layouts) {
        super(backend, scope, precision, layouts);
    }

    /** Says which tensor it was. */
    public static final class NotFinite extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotFinite(String tensor) {
            super(tensor);
        }
    }

    /**
     * @throws NotFinite that names the operation and the weight that is nearest before it
     */
    @Override
    Tensor ran(Operation operation) {
        place = operation.weights().stream().findFirst().map(Weight::name).orElse(place);
        if (!backend.isFinite(operation.out())) {
            String kind = operation.getClass().getSimpleName().toLowerCase(Locale.ROOT);
            throw new NotFinite("output of " + kind + " at " + place);
        }
        return super.ran(operation);
    }
}
