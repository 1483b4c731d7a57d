package dev.kiln.platform.training.trainee;

import dev.kiln.platform.autograd.Adapters;
import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.models.AbsentTokenizer;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.models.SpecialIds;
import dev.kiln.spi.Context;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.training.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run trains: a model with its head, and the state of their optimizer. Used by one thread.
 *
 * @param parameters of model and head, frozen ones among them
 * @param adapters those of low rank; none without {@code lora}
 * @param trained the weights that learn, adapters' among them
 */
public record Trainee(
        LanguageModel language,
        Parameters parameters,
        Adapters adapters,
        List<Weight> trained,
        Optimizer.Attached optimizer) {

    /** What turns text into tokens, and which of them begin and end a text. */
    public record Text(Tokenizer tokenizer, SpecialIds ids) {
        /** For models that are only counted. */
        public static final Text NONE =
                new Text(new AbsentTokenizer("the model has no tokenizer"), SpecialIds.NONE);

        /** As the tokenizer says. */
        public static Text of(Tokenizer tokenizer) {
            return new Text(tokenizer, SpecialIds.of(tokenizer));
        }
    }

    /**
     * Builds model, head and optimizer as a recipe says.
     *
     * @param parameters where the weights of model and head are created; {@link
     *     TraineeRecipe#learns} says which get gradients
     * @param added where adapters' weights are created
     */
    public static Trainee create(
            TraineeRecipe recipe,
            Context context,
            Text text,
            Precision precision,
            Created created) {
        ModelFamily family = recipe.model().create(context);
        Parameters parameters = created.parameters(recipe.learns(family));
        Model model = family.build(parameters, recipe.vocabulary());
        Parameters added = created.parameters(_ -> true);
        Adapters adapters =
                recipe.lora()
                        .map(lora -> new LoraTargets(lora, family).adapt(parameters.all(), added))
                        .orElseGet(Adapters::none);
        TaskHead.Attached head =
                recipe.head().create(context).attach(parameters.in(TraineeRecipe.HEAD), model);
        List<Weight> trained = new ArrayList<>(parameters.trainable());
        trained.addAll(added.all());
        LanguageModel language =
                new LanguageModel(
                        created.backend(),
                        precision,
                        model,
                        head,
                        text.tokenizer(),
                        text.ids(),
                        new Layouts());
        Optimizer.Attached optimizer =
                recipe.optimizer()
                        .create(context)
                        .attach(created.backend(), created.scope(), trained);
        return new Trainee(language, parameters, adapters, List.copyOf(trained), optimizer);
    }

    public Backend backend() {
        return language.backend();
    }

    public Model model() {
        return language.model();
    }

    /** Whether it has adapters. */
    public boolean isAdapted() {
        return !adapters.targets().isEmpty();
    }

    /** Operations with the adapters in their products, if there are any. */
    public Ops adapted(Ops ops) {
        return adapters.around(ops);
    }

    /** Whether some of the model stays as it is. */
    public boolean isPartlyFrozen() {
        return frozen() > 0;
    }

    /** Which share of the model learns, and what memory that takes beside weights and activations. */
    public String cost() {
        long learned = trained.stream().mapToLong(weight -> weight.shape().size()).sum();
        long all = learned + frozen();
        long state = optimizer.state().values().stream().mapToLong(Trainee::bytes).sum();
        long bytes = learned * Float.BYTES + state;
        return String.format(
                Locale.ROOT,
                "%,d of %,d parameters learn (%.2f %%); their gradients and optimizer state take %s, those of all would take %s",
                learned,
                all,
                100.0 * learned / all,
                mebibytes(bytes),
                mebibytes((double) bytes * all / learned));
    }

    private long frozen() {
        return parameters.all().stream()
                .filter(weight -> !weight.trainable())
                .mapToLong(weight -> weight.shape().size())
                .sum();
    }

    private static long bytes(Tensor tensor) {
        return tensor.shape().size() * tensor.type().bytes();
    }

    private static String mebibytes(double bytes) {
        return String.format(Locale.ROOT, "%,.1f MiB", bytes / (1 << 20));
    }
}
