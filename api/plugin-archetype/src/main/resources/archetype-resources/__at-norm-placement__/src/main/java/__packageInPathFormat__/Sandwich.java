package ${package};

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Ops;
import java.util.List;
import java.util.function.UnaryOperator;

/** x + norm(sublayer(norm(x))). */
record Sandwich() implements NormPlacement {

    @Override
    public Tensor apply(
            Ops ops, Tensor x, List<UnaryOperator<Tensor>> norms, UnaryOperator<Tensor> sublayer) {
        Tensor inside = sublayer.apply(norms.get(0).apply(x));
        return ops.add(x, norms.get(1).apply(inside));
    }

    @Override
    public boolean finalNorm() {
        return true;
    }

    @Override
    public int normsPerSublayer() {
        return 2;
    }
}
