package dev.kiln.testkit;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
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
import dev.kiln.spi.training.Optimizer;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.DecoderStack;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

    /** A stack of three blocks from the toolkit, whose heads of 7 are wider together than it. */
    record SmallDecoder() implements ModelFamily {
        @Override
        public ModelShape shape(int vocabulary) {
            return new ModelShape(vocabulary, 8, 3, 2, 10, 14);
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
                            ActivationFunction.GELU_TANH,
                            1e-5,
                            DecoderSpec.Rates.all(0.1),
                            new DecoderSpec.Inits(init, init, init, init),
                            new DecoderSpec.Names("wte", "wpe", "ln_f")));
        }
    }

    /** Plain descent: a rule without state. */
    static final Optimizer DESCENT =
            (backend, scope, weights) ->
                    new Optimizer.Attached() {
                        @Override
                        public void update(long step, double rate, double scale) {
                            for (Weight weight : weights) {
                                backend.addScaled(weight.value(), weight.gradient(), -rate * scale);
                                backend.refresh(weight);
                            }
                        }

                        @Override
                        public Map<String, Tensor> state() {
                            return Map.of();
                        }
                    };

    static final EvalTaskOfWords TASK =
            new EvalTaskOfWords(
                    Map.of(
                            TaskPart.TRAIN,
                            List.of(
                                    example("1", "rain", new Answer.Choice(0)),
                                    example("2", "sand", new Answer.Choice(1)))));

    static Example example(String id, String text, Answer answer) {
        return new Example(id, List.of(text), List.of(), answer);
    }

    /** Is a word wet or dry? */
    record EvalTaskOfWords(Map<TaskPart, List<Example>> parts) implements EvalTask {

        EvalTask with(TaskPart part, List<Example> examples) {
            Map<TaskPart, List<Example>> more = new EnumMap<>(parts);
            more.put(part, examples);
            return new EvalTaskOfWords(more);
        }

        @Override
        public TaskKind kind() {
            return TaskKind.CLASSIFICATION;
        }

        @Override
        public List<String> fields() {
            return List.of("word");
        }

        @Override
        public List<String> labels() {
            return List.of("wet", "dry");
        }

        @Override
        public List<Example> examples(TaskPart part) {
            return parts.getOrDefault(part, List.of());
        }

        @Override
        public Prompt prompt() {
            return Prompt.of("{word} is");
        }

        @Override
        public List<Metric> metrics() {
            return List.of(Metric.ACCURACY);
        }
    }
}
