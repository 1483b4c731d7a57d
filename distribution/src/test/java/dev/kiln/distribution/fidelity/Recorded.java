package dev.kiln.distribution.fidelity;

import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.autograd.Layouts;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Runs a model and keeps what goes into each block. */
final class Recorded extends DirectOps {
    private final Backend backend;
    private final List<float[]> inputs = new ArrayList<>();

    Recorded(Backend backend, Scope scope, Layouts layouts) {
        super(backend, scope, Precision.FLOAT32, layouts);
        this.backend = backend;
    }

    @Override
    public Tensor block(Tensor x, UnaryOperator<Tensor> body) {
        inputs.add(backend.floats(x));
        return super.block(x, body);
    }

    /**
     * Hidden states as transformers orders them: the embeddings' output, then that of every block,
     * the last behind the final norm.
     */
    List<float[]> states(float[] last) {
        List<float[]> states = new ArrayList<>(inputs);
        states.add(last);
        return states;
    }
}
