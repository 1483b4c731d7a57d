package dev.kiln.plugins.norm;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Ops;
import java.util.List;
import java.util.function.UnaryOperator;

/** Pre-norm: GPT-2 and GPT-3 (Radford et al., 2019, section 2.3). */
record PreNorm() implements NormPlacement {

    @Override
    public Tensor apply(
            Ops ops, Tensor x, List<UnaryOperator<Tensor>> norms, UnaryOperator<Tensor> sublayer) {
        return ops.add(x, sublayer.apply(norms.getFirst().apply(x)));
    }

    @Override
    public boolean finalNorm() {
        return true;
    }
}
