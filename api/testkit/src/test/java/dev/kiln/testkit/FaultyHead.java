package dev.kiln.testkit;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.Weights;

/** The example's classifier, whose methods may be made faulty one by one. */
abstract class FaultyHead implements TaskHead.Attached {
    private final TaskHead.Attached head;

    FaultyHead(Weights weights, Model model) {
        head = new Examples.Classifier().attach(weights, model);
    }

    @Override
    public Tensor losses(Ops ops, Tensor hidden, HeadInput input) {
        return head.losses(ops, hidden, input);
    }

    @Override
    public Tensor scores(Ops ops, Tensor hidden, HeadRows rows) {
        return head.scores(ops, hidden, rows);
    }
}
