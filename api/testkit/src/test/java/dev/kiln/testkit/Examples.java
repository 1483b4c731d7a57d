package dev.kiln.testkit;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.Gelu;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.Weights;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.DecoderStack;
import java.util.List;
import java.util.function.UnaryOperator;

/** Small extensions that keep their contracts. */
final class Examples {
    private Examples() {}

    /** Layers take turns: causal, banded, sparse. */
    static final AttentionPattern ALTERNATING =
            (layer, queries, keys) ->
                    switch (Math.floorMod(checked(layer), 3)) {
                        case 0 -> new Causal(queries, keys);
                        case 1 -> new Banded(queries, keys, 3);
                        default -> {
                            new Causal(queries, keys); // checks the lengths
                            yield Layouts.sparse(queries, keys, layer);
                        }
                    };

    static int checked(int layer) {
        if (layer < 0) {
            throw new IllegalArgumentException("expected layer >= 0, got " + layer);
        }
        return layer;
    }

    /** x + norm(sublayer(norm(x))), a placement of two norms. */
    record Sandwich() implements NormPlacement {
        @Override
        public Tensor apply(
                Ops ops,
                Tensor x,
                List<UnaryOperator<Tensor>> norms,
                UnaryOperator<Tensor> sublayer) {
            return ops.add(x, norms.get(1).apply(sublayer.apply(norms.get(0).apply(x))));
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

    /** A linear classifier of three classes over one state. */
    record Classifier() implements TaskHead {
        @Override
        public Attached attach(Weights weights, Model model) {
            int width = model.shape().width();
            return new On(
                    weights.create("weight", Shape.of(width, 3), new Init.Normal(1)),
                    weights.create("bias", Shape.of(3), Init.ZEROS));
        }

        private record On(Weight weight, Weight bias) implements Attached {
            @Override
            public Tensor losses(Ops ops, Tensor hidden, HeadInput input) {
                return ops.crossEntropy(
                        scores(ops, hidden, input.rows()), input.targets(), input.weights());
            }

            @Override
            public Tensor scores(Ops ops, Tensor hidden, HeadRows rows) {
                Tensor read = rows.rows().map(r -> ops.gather(hidden, r)).orElse(hidden);
                return ops.linear(read, weight, bias);
            }
        }
    }

    /** A stack of three blocks from the toolkit. */
    record SmallDecoder() implements ModelFamily {
        @Override
        public ModelShape shape(int vocabulary) {
            return new ModelShape(vocabulary, 8, 3, 2, 10);
        }

        @Override
        public Model build(Weights weights, int vocabulary) {
            Init init = new Init.Normal(0.3);
            return new DecoderStack(
                    weights,
                    new DecoderSpec(
                            shape(vocabulary),
                            new Sandwich(),
                            ALTERNATING,
                            Gelu.TANH,
                            1e-5,
                            DecoderSpec.Rates.all(0.1),
                            new DecoderSpec.Inits(init, init, init, init),
                            new DecoderSpec.Names("wte", "wpe", "ln_f")));
        }
    }
}
