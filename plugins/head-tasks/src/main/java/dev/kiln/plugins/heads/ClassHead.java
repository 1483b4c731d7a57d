package dev.kiln.plugins.heads;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.Weights;
import dev.kiln.toolkit.Linear;

/**
 * P(class) = softmax((h₁ + … + hₛ) · W + b) for an example's states h, mostly one (Radford et al.,
 * 2018, equation 3). Used by one thread at a time.
 */
record ClassHead(Linear linear, int statesPerExample, double dropout) implements TaskHead.Attached {

    static TaskHead of(ClassesOptions options, int statesPerExample) {
        return (weights, model) ->
                new ClassHead(
                        linear(weights, model, options.classes()),
                        statesPerExample,
                        options.dropout());
    }

    private static Linear linear(Weights weights, Model model, int classes) {
        return new Linear(weights, model.shape().width(), classes, States.INIT);
    }

    @Override
    public Tensor losses(Ops ops, Tensor hidden, HeadInput input) {
        return ops.crossEntropy(
                scores(ops, hidden, input.rows()), input.targets(), input.weights());
    }

    @Override
    public Tensor scores(Ops ops, Tensor hidden, HeadRows rows) {
        Tensor states = States.read(ops, hidden, rows); // (E S, C)
        Tensor one =
                statesPerExample == 1 ? states : ops.sumRows(states, statesPerExample); // (E, C)
        return linear.apply(ops, ops.dropout(one, dropout)); // (E, classes)
    }
}
