package dev.kiln.plugins.norm;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Ops;
import java.util.List;
import java.util.function.UnaryOperator;

/** Post-norm: the original Transformer and GPT-1 (Radford et al., 2018, section 4.1). */
record PostNorm() implements NormPlacement {

    @Override
    public Tensor apply(
            Ops ops, Tensor x, List<UnaryOperator<Tensor>> norms, UnaryOperator<Tensor> sublayer) {
        return norms.getFirst().apply(ops.add(x, sublayer.apply(x)));
    }

    @Override
    public boolean finalNorm() {
        return false;
    }
}
