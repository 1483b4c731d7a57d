package dev.kiln.platform.planning;

import dev.kiln.platform.autograd.dryrun.CountingBackend;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.training.TrainingWork;
import dev.kiln.platform.training.pretrain.PretrainOptions;
import dev.kiln.platform.training.trainee.TraineeRecipe;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.Extensions;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Plans training runs: takes one step of the real model, head and optimizer on a backend that
 * counts, so that a plan knows whatever family, attention pattern and precision a run has. Needs no
 * corpus and no memory to speak of. Thread-safe.
 */
public final class Planner {
    private final Extensions extensions;
    private final TrainedModel trained;

    @Inject
    public Planner(Extensions extensions, TrainedModel trained) {
        this.extensions = extensions;
        this.trained = trained;
    }

    /**
     * Plans a run, for a backend that keeps of a matrix what the fastest ones do.
     *
     * @param vocabulary to plan with; that of the run's tokenizer if empty
     * @throws InvalidInput when the tokenizer's size depends on the corpus and none is given, or the
     *     options do not fit together
     */
    public Plan plan(PretrainOptions options, Context context, Optional<Integer> vocabulary) {
        TraineeRecipe recipe = recipe(options, context, vocabulary);
        int length = recipe.model().create(context).shape(recipe.vocabulary()).context();
        TrainingWork work = options.work(recipe, options.precision().assumed(), length);
        CountedStep step = CountedStep.of(work, context);
        return new Plan(
                recipe.model().name(),
                step.shape(),
                parts(step.weights()),
                step.memory(work, Planner::packed),
                compute(options, work, step.operations()));
    }

    private TraineeRecipe recipe(
            PretrainOptions options, Context context, Optional<Integer> vocabulary) {
        if (options.from().isEmpty()) {
            int tokens = vocabulary.orElseGet(() -> size(options.tokenizer().orElseThrow()));
            return options.recipe(options.model().orElseThrow(), tokens);
        }
        Path folder = context.resolve(options.from().get());
        boolean best = options.checkpoint().equals("best");
        try (StoredModel stored = trained.find(folder, best, context, _ -> {})) {
            return options.recipe(stored.model(), stored.vocabulary());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In bfloat16, a form for products and one for their gradients. */
    private static long packed(Shape matrix, Precision precision) {
        return switch (precision) {
            case FLOAT32 -> 0;
            case BFLOAT16 -> 2 * matrix.size() * DType.BFLOAT16.bytes();
        };
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
                                        String.format(
                                                Locale.ROOT,
                                                "tokenizer '%s' has as many tokens as the corpus gives it: say how many with --vocabulary",
                                                factory.name())));
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

    private static Plan.Compute compute(
            PretrainOptions options, TrainingWork work, CountingBackend operations) {
        double tokens = (double) work.batch() * work.inputs().tokens();
        return new Plan.Compute(
                operations.products() / tokens,
                operations.attention() / tokens,
                options.training().totalTokens(work.inputs().tokens()),
                options.training().totalSteps(work.inputs().tokens()));
    }
}
