package dev.kiln.platform.planning;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Tape;
import dev.kiln.platform.training.PretrainOptions;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.Extensions;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.spi.training.Optimizer;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans training runs: takes one step of the real model, head and optimizer on a backend that
 * counts, so that a plan knows whatever family, attention pattern and precision a run has. Needs no
 * corpus and no memory to speak of. Thread-safe.
 */
public final class Planner {
    private final Extensions extensions;

    @Inject
    public Planner(Extensions extensions) {
        this.extensions = extensions;
    }

    /**
     * Plans a run.
     *
     * @param vocabulary to plan with; that of the run's tokenizer if empty
     * @throws InvalidInput when the tokenizer's size depends on the corpus and none is given, or the
     *     options do not fit together
     */
    public Plan plan(PretrainOptions options, Context context, Optional<Integer> vocabulary) {
        ModelFamily family = options.model().create(context);
        ModelShape shape = family.shape(vocabulary.orElseGet(() -> size(options.tokenizer())));
        CountingBackend backend = new CountingBackend();
        CountedScope weightScope = backend.scope();
        CountedWeights weights = new CountedWeights(backend, weightScope);
        Model model = family.build(weights, shape.vocabulary());
        TaskHead.Attached head = options.head().create(context).attach(weights.in("head"), model);
        CountedScope stateScope = backend.scope();
        Optimizer.Attached optimizer =
                options.optimizer().create(context).attach(backend, stateScope, weights.all());
        CountedScope stepScope = backend.scope();
        step(options, shape, model, head, backend, stepScope);
        optimizer.update(1, 0, 1);
        return new Plan(
                options.model().name(),
                shape,
                parts(weights.all()),
                memory(options, shape, weights.all(), stateScope, stepScope, backend),
                compute(options, shape, backend));
    }

    private int size(Choice<Tokenizer> tokenizer) {
        TokenizerFactory<?> factory = extensions.find(TokenizerFactory.class, tokenizer.name());
        return size(factory, tokenizer.options());
    }

    private static <O extends Record> int size(TokenizerFactory<O> factory, Record options) {
        return factory.vocabularySize(factory.options().cast(options))
                .orElseThrow(
                        () ->
                                new InvalidInput(
                                        "tokenizer '%s' has as many tokens as the corpus gives it: say how many with --vocabulary"
                                                .formatted(factory.name())));
    }

    private static void step(
            PretrainOptions options,
            ModelShape shape,
            Model model,
            TaskHead.Attached head,
            CountingBackend backend,
            Scope scope) {
        Shape batch = Shape.of(options.training().batch(), shape.context());
        Shape flat = Shape.of(batch.rows() * batch.columns());
        Tensor ids = scope.allocate(DType.INT32, batch);
        Tensor positions = scope.allocate(DType.INT32, batch);
        HeadInput labels =
                new HeadInput(
                        HeadRows.ALL,
                        scope.allocate(DType.INT32, flat),
                        scope.allocate(DType.FLOAT32, flat));
        Tape tape =
                new Tape(
                        backend,
                        scope,
                        options.precision().assumed(),
                        new Layouts(),
                        0,
                        options.training().checkpointing());
        head.losses(tape, model.hidden(tape, ids, positions), labels);
        tape.backward();
    }

    /** What a weight and its bias belong to, the same in all layers, is one part. */
    private static List<Plan.Part> parts(List<Weight> weights) {
        Map<String, Long> parameters = new LinkedHashMap<>();
        for (Weight weight : weights) {
            String part = weight.name().replaceAll("\\b\\d+\\b", "*").replaceAll("\\.\\w+$", "");
            parameters.merge(part, weight.shape().size(), Long::sum);
        }
        return parameters.entrySet().stream()
                .map(part -> new Plan.Part(part.getKey(), part.getValue()))
                .toList();
    }

    private static Plan.Memory memory(
            PretrainOptions options,
            ModelShape shape,
            List<Weight> weights,
            CountedScope state,
            CountedScope step,
            CountingBackend backend) {
        long masters = weights.stream().mapToLong(w -> bytes(w, DType.FLOAT32)).sum();
        return new Plan.Memory(
                masters + copies(weights, options.precision().assumed()),
                masters,
                state.peak(),
                step.peak(),
                options.training().batch(),
                cache(shape, options.precision().assumed(), backend));
    }

    /** What backends keep of matrices in the precision that products are computed in. */
    private static long copies(List<Weight> weights, Precision precision) {
        return switch (precision) {
            case FLOAT32 -> 0;
            case BFLOAT16 ->
                    weights.stream()
                            .filter(weight -> weight.shape().rank() > 1)
                            .mapToLong(weight -> bytes(weight, DType.BFLOAT16))
                            .sum();
        };
    }

    private static long bytes(Weight weight, DType type) {
        return weight.shape().size() * type.bytes();
    }

    private static long cache(ModelShape shape, Precision precision, CountingBackend backend) {
        CountedScope scope = backend.scope();
        backend.kvCache(
                scope, precision.activations(), shape.layers(), 1, shape.context(), shape.width());
        return scope.peak();
    }

    private static Plan.Compute compute(
            PretrainOptions options, ModelShape shape, CountingBackend backend) {
        double tokens = (double) options.training().batch() * shape.context();
        return new Plan.Compute(
                backend.products() / tokens,
                backend.attention() / tokens,
                options.training().totalTokens(shape.context()),
                options.training().totalSteps(shape.context()));
    }
}
