package dev.kiln.plugins.adamw;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.CompactMoment;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.training.Optimizer;
import java.util.List;
import java.util.Locale;

/**
 * AdamW with two groups, as GPT-2's public reproductions have them: weights of two or more
 * dimensions (matrices and embeddings, positions included) decay; those of one (biases, gains) do
 * not. The state of a weight {@code w} is {@code w.exp_avg} and {@code w.exp_avg_sq}, PyTorch's
 * names, each of the weight's shape. Of matrices it may be {@link CompactMoment}s instead, each of a
 * tensor {@code .codes} of the weight's shape and {@code .scales} behind these names.
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
                        matrices(backend, scope, matrices),
                        WideGroup.of(backend, scope, vectors, 0)));
    }

    private Group matrices(Backend backend, Scope scope, List<Weight> weights) {
        return switch (options.state()) {
            case FLOAT32 -> WideGroup.of(backend, scope, weights, options.weightDecay());
            case INT8 -> {
                requireBytes(backend.capabilities());
                yield CompactGroup.of(backend, scope, weights, options.weightDecay());
            }
        };
    }

    private static void requireBytes(Capabilities capabilities) {
        if (!capabilities.types().contains(DType.UINT8)) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "optimizer.state: the backend (%s) keeps no int8 state; give"
                                    + " optimizer.state=float32 or another backend",
                            capabilities.device()));
        }
    }

    private static boolean decays(Weight weight) {
        return weight.shape().rank() >= 2;
    }
}
