package dev.kiln.platform.training;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.Weights;
import dev.kiln.toolkit.Linear;

/** A linear layer on one state an example. */
record OneStateHead(int classes) implements TaskHead {

    @Override
    public Attached attach(Weights weights, Model model) {
        Linear linear = new Linear(weights, model.shape().width(), classes, new Init.Normal(0.02));
        return new Attached() {
            @Override
            public Tensor losses(Ops ops, Tensor hidden, HeadInput input) {
                return ops.crossEntropy(
                        scores(ops, hidden, input.rows()), input.targets(), input.weights());
            }

            @Override
            public Tensor scores(Ops ops, Tensor hidden, HeadRows rows) {
                Tensor states =
                        rows.rows().map(indices -> ops.gather(hidden, indices)).orElse(hidden);
                return linear.apply(ops, states);
            }
        };
    }
}
