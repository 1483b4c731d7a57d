package dev.kiln.plugins.heads;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.toolkit.Linear;

/**
 * P(choice k) = softmax over the choices of hₖ · w, for a state a choice (Radford et al., 2018,
 * section 3.3). A bias would be the same for all choices and change nothing. Used by one thread at a
 * time.
 *
 * @param linear to one score
 * @param statesPerExample the choices
 */
record ChoiceHead(Linear linear, int statesPerExample, double dropout)
        implements TaskHead.Attached {

    static TaskHead of(ChoicesOptions options) {
        return (weights, model) ->
                new ChoiceHead(
                        new Linear(weights, model.shape().width(), 1, States.INIT, false),
                        options.choices(),
                        options.dropout());
    }

    @Override
    public Tensor losses(Ops ops, Tensor hidden, HeadInput input) {
        return ops.crossEntropy(
                scores(ops, hidden, input.rows()), input.targets(), input.weights());
    }

    @Override
    public Tensor scores(Ops ops, Tensor hidden, HeadRows rows) {
        Tensor states = States.read(ops, hidden, rows); // (E K, C)
        Tensor each = linear.apply(ops, ops.dropout(states, dropout)); // (E K, 1)
        int examples = states.shape().rows() / statesPerExample;
        return ops.reshape(each, Shape.of(examples, statesPerExample)); // (E, K)
    }
}
