package dev.kiln.plugins.adamw;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.training.Optimizer;
import java.util.List;

/**
 * AdamW with two groups, as GPT-2's public reproductions have them: weights of two or more
 * dimensions (matrices and embeddings, positions included) decay; those of one (biases, gains) do
 * not. The state of a weight {@code w} is {@code w.exp_avg} and {@code w.exp_avg_sq}, PyTorch's
 * names, each of the weight's shape.
 */
final class AdamW implements Optimizer {
    private final AdamWOptions options;

    AdamW(AdamWOptions options) {
        this.options = options;
    }

    @Override
    public Attached attach(Backend backend, Scope scope, List<Weight> weights) {
        List<Weight> matrices = weights.stream().filter(AdamW::decays).toList();
        List<Weight> vectors = weights.stream().filter(weight -> !decays(weight)).toList();
        return new AttachedAdamW(
                backend,
                options,
                List.of(
                        Group.of(backend, scope, matrices, options.weightDecay()),
                        Group.of(backend, scope, vectors, 0)));
    }

    private static boolean decays(Weight weight) {
        return weight.shape().rank() >= 2;
    }
}
