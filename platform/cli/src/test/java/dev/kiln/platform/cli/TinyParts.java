package dev.kiln.platform.cli;

import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Factory;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Availability;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.BackendFactory;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelFamilyFactory;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.TaskHeadFactory;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.spi.training.OptimizerFactory;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.ByteTokenizerFactory;
import dev.kiln.testkit.fixtures.TinyDecoder;
import dev.kiln.testkit.fixtures.TinyHead;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a tiny model needs of extensions. */
final class TinyParts {
    static final int CONTEXT = 6;
    static final TinyDecoder MODEL = new TinyDecoder(CONTEXT, 0.5, 0.6);

    private TinyParts() {}

    static Factory<?, ?>[] factories() {
        return new Factory<?, ?>[] {
            new Tiny(),
            new Head(),
            new Reference(),
            new ByteTokenizerFactory(),
            new Learned(),
            new PlainAdamW()
        };
    }

    /** The options of a model that has them all. */
    record Sizes(@Default("6") int context) {}

    private record Tiny() implements ModelFamilyFactory<Sizes> {
        @Override
        public String name() {
            return "tiny";
        }

        @Override
        public Class<Sizes> options() {
            return Sizes.class;
        }

        @Override
        public ModelFamily create(Sizes options, Context context) {
            return new TinyDecoder(options.context(), MODEL.dropout(), MODEL.deviation());
        }
    }

    private record Head() implements TaskHeadFactory<NoOptions> {
        @Override
        public String name() {
            return "language-model";
        }

        @Override
        public Class<NoOptions> options() {
            return NoOptions.class;
        }

        @Override
        public TaskHead create(NoOptions options, Context context) {
            return new TinyHead();
        }
    }

    private record Reference() implements BackendFactory<NoOptions> {
        @Override
        public String name() {
            return "reference";
        }

        @Override
        public Class<NoOptions> options() {
            return NoOptions.class;
        }

        @Override
        public Availability availability() {
            return new Availability(true, 1, "is the oracle");
        }

        @Override
        public Backend create(NoOptions options, Context context) {
            return new ReferenceBackend();
        }
    }

    /** A tokenizer that has to see a corpus first. */
    private record Learned() implements TokenizerFactory<NoOptions> {
        @Override
        public String name() {
            return "learned";
        }

        @Override
        public Class<NoOptions> options() {
            return NoOptions.class;
        }

        @Override
        public Tokenizer create(NoOptions options, Context context) {
            context.trainingDocuments().close();
            return new ByteTokenizer();
        }

        @Override
        public Tokenizer load(Path folder) {
            return new ByteTokenizer();
        }
    }

    /** AdamW with one rate of decay for all weights. */
    private record PlainAdamW() implements OptimizerFactory<NoOptions> {
        @Override
        public String name() {
            return "adamw";
        }

        @Override
        public Class<NoOptions> options() {
            return NoOptions.class;
        }

        @Override
        public Optimizer create(NoOptions options, Context context) {
            return (backend, scope, weights) ->
                    new AttachedAdamW(
                            backend,
                            weights,
                            zeros(backend, scope, weights),
                            zeros(backend, scope, weights));
        }

        private static List<Tensor> zeros(Backend backend, Scope scope, List<Weight> weights) {
            return weights.stream()
                    .map(
                            weight -> {
                                Tensor moment = scope.allocate(DType.FLOAT32, weight.shape());
                                backend.fill(moment, 0);
                                return moment;
                            })
                    .toList();
        }
    }

    private record AttachedAdamW(
            Backend backend, List<Weight> weights, List<Tensor> first, List<Tensor> second)
            implements Optimizer.Attached {
        @Override
        public void update(long step, double learningRate, double gradientScale) {
            backend.adamW(
                    weights,
                    first,
                    second,
                    new AdamWStep(step, learningRate, 0.9, 0.95, 1e-8, 0.1, gradientScale));
        }

        @Override
        public Map<String, Tensor> state() {
            return Map.of();
        }
    }
}
