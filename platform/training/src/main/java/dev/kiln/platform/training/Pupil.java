package dev.kiln.platform.training;

import dev.kiln.platform.autograd.Adapters;
import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.inference.LanguageModel;
import dev.kiln.platform.inference.StoredModel;
import dev.kiln.platform.inference.heads.HeadExample;
import dev.kiln.platform.inference.heads.HeadScores;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.toolkit.Blueprint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * What fine-tuning trains: a model that began as a stored one, with a task's head.
 *
 * @param model its head is the task's
 * @param parameters of model and head, frozen ones among them
 * @param adapters those of low rank; none without {@code lora}
 * @param trained the weights that learn
 */
record Pupil(
        LanguageModel model,
        Parameters parameters,
        Adapters adapters,
        List<Weight> trained,
        Optimizer.Attached optimizer) {
    private static final String HEAD = "head";

    /** Names that a refusal gives, at most. */
    private static final int NAMES = 8;

    /**
     * @param options as the run resolved them
     * @param scope how long weights and optimizer state live
     */
    static Pupil create(
            FinetuneOptions options,
            Context context,
            StoredModel stored,
            Backend backend,
            Scope scope) {
        int vocabulary = options.vocabulary().orElseThrow();
        ModelFamily family = stored.model().create(context);
        int layers = family.shape(vocabulary).layers();
        checkLayers("freeze", options.freeze().layers(), layers);
        checkCarriedOver(options, layers);
        checkNames(options, family, Blueprint.of(family, vocabulary).parts().keySet());
        Parameters parameters =
                new Parameters(backend, scope, context.seed(), learns(options, family));
        Model model = family.build(parameters, vocabulary);
        new Transfer(stored, family, Blueprint.of(family, stored.vocabulary()).parts(), backend)
                .into(parameters.all(), options.transfer(), layers);
        Parameters added = new Parameters(backend, scope, context.seed(), true);
        Adapters adapters =
                options.lora()
                        .map(lora -> adapters(lora, family, parameters.all(), added))
                        .orElseGet(Adapters::none);
        Choice<TaskHead> head = options.head().orElseThrow();
        TaskHead.Attached attached = head.create(context).attach(parameters.in(HEAD), model);
        List<Weight> trained = new ArrayList<>(parameters.trainable());
        trained.addAll(added.all());
        return new Pupil(
                new LanguageModel(
                        backend,
                        options.precision().on(backend),
                        model,
                        attached,
                        stored.tokenizer().orElseThrow().tokenizer(),
                        new Layouts()),
                parameters,
                adapters,
                List.copyOf(trained),
                options.optimizer().create(context).attach(backend, scope, trained));
    }

    private static void checkLayers(String option, int asked, int layers) {
        if (asked > layers) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s.layers is %d, the model has %d layers",
                            option,
                            asked,
                            layers));
        }
    }

    /** What is neither the base's nor learned would be of no adapter. */
    private static void checkCarriedOver(FinetuneOptions options, int layers) {
        FinetuneOptions.Transfer transfer = options.transfer();
        if (options.lora().isPresent()
                && (!transfer.embeddings() || transfer.layers().orElse(layers) < layers)) {
            throw new InvalidInput(
                    "lora: what 'transfer' leaves out would stay random; carry over all of the model,"
                            + " or train without lora");
        }
    }

    /** What goes by layers would else do nothing in a model whose weights are of none. */
    private static void checkNames(
            FinetuneOptions options, ModelFamily family, Collection<String> weights) {
        List<String> asking = new ArrayList<>();
        if (options.freeze().layers() > 0) {
            asking.add("freeze.layers");
        }
        if (options.transfer().layers().isPresent()) {
            asking.add("transfer.layers");
        }
        if (options.lora().isPresent()) {
            asking.add("lora");
        }
        if (!asking.isEmpty()
                && weights.stream().noneMatch(name -> family.layer(name).isPresent())) {
            String names = String.join(", ", weights.stream().limit(NAMES).toList());
            String more =
                    weights.size() > NAMES ? " and " + (weights.size() - NAMES) + " more" : "";
            throw new InvalidInput(
                    String.join(", ", asking)
                            + ": the model's family says of no weight which layer it is of; its"
                            + " weights are "
                            + names
                            + more);
        }
    }

    private static Predicate<String> learns(FinetuneOptions options, ModelFamily family) {
        FinetuneOptions.Freeze freeze = options.freeze();
        return name -> {
            if (name.startsWith(HEAD + ".")) {
                return true;
            }
            OptionalInt layer = family.layer(name);
            boolean frozen =
                    layer.isPresent() ? layer.getAsInt() < freeze.layers() : freeze.embeddings();
            return options.lora().isEmpty() && !frozen;
        };
    }

    private static Adapters adapters(
            FinetuneOptions.Lora lora,
            ModelFamily family,
            Collection<Weight> weights,
            Parameters added) {
        List<Weight> matrices =
                weights.stream()
                        .filter(weight -> weight.shape().rank() == 2)
                        .filter(weight -> family.layer(weight.name()).isPresent())
                        .toList();
        List<Weight> chosen = new ArrayList<>();
        for (Weight matrix : matrices) {
            if (lora.targets().stream().anyMatch(target -> names(target, matrix))) {
                chosen.add(matrix);
            }
        }
        for (String target : lora.targets()) {
            if (matrices.stream().noneMatch(matrix -> names(target, matrix))) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "lora.targets: no matrix of a layer is called '%s'; the first layer has %s",
                                target,
                                String.join(", ", firstLayer(family, matrices))));
            }
        }
        return new Adapters(chosen, added, lora.rank(), lora.alpha(), lora.dropout());
    }

    private static boolean names(String target, Weight matrix) {
        return ("." + bare(matrix)).endsWith("." + target);
    }

    private static String bare(Weight matrix) {
        return matrix.name().replaceFirst("\\.weight$", "");
    }

    private static List<String> firstLayer(ModelFamily family, List<Weight> matrices) {
        return matrices.stream()
                .filter(matrix -> family.layer(matrix.name()).orElseThrow() == 0)
                .map(Pupil::bare)
                .toList();
    }

    Backend backend() {
        return model.backend();
    }

    /**
     * @throws InvalidInput when the head gives another number of scores than the task has classes
     */
    void checkHead(TaskData data) {
        List<HeadExample> one = data.train().examples().subList(0, 1);
        int reads = model.head().statesPerExample();
        int has = one.getFirst().sequences().size();
        if (reads != has) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "head: it reads %d states an example, those of task '%s' have %d",
                            reads,
                            data.task().name(),
                            has));
        }
        int scores = HeadScores.of(model, one, 1).values()[0].length;
        if (scores != data.task().classes()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "head: it has %d classes, task '%s' has %d",
                            scores,
                            data.task().name(),
                            data.task().classes()));
        }
    }

    /** Which share of the model learns, and what memory that takes beside weights and activations. */
    String cost() {
        long learned = trained.stream().mapToLong(weight -> weight.shape().size()).sum();
        long all = learned + frozen();
        long state = optimizer.state().values().stream().mapToLong(Pupil::bytes).sum();
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
