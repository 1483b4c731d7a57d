package dev.kiln.platform.training.trainee;

import dev.kiln.platform.autograd.Adapters;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.ModelFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The matrices of a model's layers that get an adapter. */
record LoraTargets(LoraOptions options, ModelFamily family) {

    /**
     * Makes the adapters.
     *
     * @param weights of the model
     * @param added where the adapters' weights are created
     * @throws InvalidInput when a target is no matrix of a layer; says which there are
     */
    Adapters adapt(Collection<Weight> weights, Parameters added) {
        List<Weight> matrices =
                weights.stream()
                        .filter(weight -> weight.shape().rank() == 2)
                        .filter(weight -> family.layer(weight.name()).isPresent())
                        .toList();
        List<Weight> chosen = new ArrayList<>();
        for (Weight matrix : matrices) {
            if (options.targets().stream().anyMatch(target -> names(target, matrix))) {
                chosen.add(matrix);
            }
        }
        for (String target : options.targets()) {
            if (matrices.stream().noneMatch(matrix -> names(target, matrix))) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "lora.targets: no matrix of a layer is called '%s'; the first layer has %s",
                                target,
                                String.join(", ", firstLayer(matrices))));
            }
        }
        return new Adapters(chosen, added, options.rank(), options.alpha(), options.dropout());
    }

    private static boolean names(String target, Weight matrix) {
        return ("." + bare(matrix)).endsWith("." + target);
    }

    private static String bare(Weight matrix) {
        return matrix.name().replaceFirst("\\.weight$", "");
    }

    private List<String> firstLayer(List<Weight> matrices) {
        return matrices.stream()
                .filter(matrix -> family.layer(matrix.name()).orElseThrow() == 0)
                .map(LoraTargets::bare)
                .toList();
    }
}
