package dev.kiln.testkit;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;

/** A bigram model, the smallest to hang a head on: the hidden state is the token's embedding. */
final class TinyModel implements Model {
    private final Weight table;

    TinyModel(Weights weights) {
        ModelShape shape = shape();
        Init init = new Init.Normal(1);
        table = weights.create("wte", Shape.of(shape.vocabulary(), shape.width()), init);
    }

    @Override
    public ModelShape shape() {
        return new ModelShape(11, 8, 1, 2, 6);
    }

    @Override
    public Tensor hidden(Ops ops, Tensor ids, Tensor positions) {
        return ops.embedding(table, ids);
    }

    @Override
    public Weight outputTable(Ops ops) {
        return table;
    }
}
