package dev.kiln.platform.training.trainee;

import dev.kiln.spi.Choice;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.training.Optimizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * What a run trains, before any of it is allocated. Immutable.
 *
 * @param vocabulary rows of the token embedding
 * @param freeze what stays as it is
 * @param lora adapters that learn in place of all but the head
 */
public record TraineeRecipe(
        Choice<ModelFamily> model,
        int vocabulary,
        Choice<TaskHead> head,
        Choice<Optimizer> optimizer,
        FreezeOptions freeze,
        Optional<LoraOptions> lora) {

    /** What the names of a head's weights begin with. */
    static final String HEAD = "head";

    /** Names that a refusal gives, at most. */
    private static final int NAMES = 8;

    /** With another optimizer. */
    public TraineeRecipe with(Choice<Optimizer> other) {
        return new TraineeRecipe(model, vocabulary, head, other, freeze, lora);
    }

    /** Which weights of the model and its head learn, by name. */
    Predicate<String> learns(ModelFamily family) {
        return name -> {
            if (name.startsWith(HEAD + ".")) {
                return true;
            }
            OptionalInt layer = family.layer(name);
            boolean frozen =
                    layer.isPresent() ? layer.getAsInt() < freeze.layers() : freeze.embeddings();
            return lora.isEmpty() && !frozen;
        };
    }

    /**
     * Checks what goes by layers, which would else do nothing in a model whose weights are of none.
     *
     * @param transfer what is carried over from another model, if anything
     * @param weights the names of the model's weights
     * @throws InvalidInput when there are fewer layers, or the family says of no weight which it is of
     */
    void check(ModelFamily family, Optional<TransferOptions> transfer, Collection<String> weights) {
        int layers = family.shape(vocabulary).layers();
        requireLayers("freeze", freeze.layers(), layers);
        Optional<Integer> carried = transfer.flatMap(TransferOptions::layers);
        carried.ifPresent(asked -> requireLayers("transfer", asked, layers));
        if (lora.isPresent() && transfer.isPresent()) {
            requireAllCarriedOver(transfer.get(), layers);
        }
        List<String> asking = new ArrayList<>();
        if (freeze.layers() > 0) {
            asking.add("freeze.layers");
        }
        if (carried.isPresent()) {
            asking.add("transfer.layers");
        }
        if (lora.isPresent()) {
            asking.add("lora");
        }
        if (!asking.isEmpty()
                && weights.stream().noneMatch(name -> family.layer(name).isPresent())) {
            throw withoutLayers(asking, weights);
        }
    }

    private static void requireLayers(String option, int asked, int layers) {
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
    private static void requireAllCarriedOver(TransferOptions transfer, int layers) {
        if (!transfer.embeddings() || transfer.layers().orElse(layers) < layers) {
            throw new InvalidInput(
                    "lora: what 'transfer' leaves out would stay random; carry over all of the model,"
                            + " or train without lora");
        }
    }

    private static InvalidInput withoutLayers(List<String> asking, Collection<String> weights) {
        String names = String.join(", ", weights.stream().limit(NAMES).toList());
        String more = weights.size() > NAMES ? " and " + (weights.size() - NAMES) + " more" : "";
        return new InvalidInput(
                String.join(", ", asking)
                        + ": the model's family says of no weight which layer it is of; its"
                        + " weights are "
                        + names
                        + more);
    }
}
