package dev.kiln.testkit;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;

/** The small decoder, but for what becomes of its hidden states. */
record FaultyModel(Fault fault) implements ModelFamily {
    private static final ModelFamily DECODER = new Examples.SmallDecoder();

    interface Fault {
        Tensor of(Ops ops, Tensor hidden, Tensor ids, Tensor positions);
    }

    @Override
    public ModelShape shape(int vocabulary) {
        return DECODER.shape(vocabulary);
    }

    @Override
    public Model build(Weights weights, int vocabulary) {
        return new Faulty(DECODER.build(weights, vocabulary), fault);
    }

    private record Faulty(Model model, Fault fault) implements Model {
        @Override
        public ModelShape shape() {
            return model.shape();
        }

        @Override
        public Tensor hidden(Ops ops, Tensor ids, Tensor positions) {
            return fault.of(ops, model.hidden(ops, ids, positions), ids, positions);
        }

        @Override
        public Weight outputTable(Ops ops) {
            return model.outputTable(ops);
        }
    }
}
