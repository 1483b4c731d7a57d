package ${package};

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;

/** Scores are products of a state with the rows of a table [V, C]. */
record OwnTable(Weight table) implements TaskHead.Attached {

    @Override
    public Tensor losses(Ops ops, Tensor hidden, HeadInput input) {
        return ops.projectedCrossEntropy(
                read(ops, hidden, input.rows()), table, input.targets(), input.weights());
    }

    @Override
    public Tensor scores(Ops ops, Tensor hidden, HeadRows rows) {
        return ops.logits(read(ops, hidden, rows), table);
    }

    private static Tensor read(Ops ops, Tensor hidden, HeadRows rows) {
        return rows.rows().map(indices -> ops.gather(hidden, indices)).orElse(hidden);
    }
}
