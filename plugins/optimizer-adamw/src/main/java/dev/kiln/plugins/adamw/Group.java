package dev.kiln.plugins.adamw;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.List;
import java.util.Map;

/** Weights of one decay, with their moments in the same order. */
record Group(
        List<Weight> weights,
        List<Tensor> firstMoments,
        List<Tensor> secondMoments,
        double weightDecay) {

    static Group of(Backend backend, Scope scope, List<Weight> weights, double weightDecay) {
        return new Group(
                weights,
                zeros(backend, scope, weights),
                zeros(backend, scope, weights),
                weightDecay);
    }

    private static List<Tensor> zeros(Backend backend, Scope scope, List<Weight> weights) {
        return weights.stream().map(weight -> zeros(backend, scope, weight)).toList();
    }

    private static Tensor zeros(Backend backend, Scope scope, Weight weight) {
        Tensor zeros = scope.allocate(DType.FLOAT32, weight.shape());
        backend.fill(zeros, 0);
        return zeros;
    }

    void addState(Map<String, Tensor> state) {
        for (int i = 0; i < weights.size(); i++) {
            state.put(weights.get(i).name() + ".exp_avg", firstMoments.get(i));
            state.put(weights.get(i).name() + ".exp_avg_sq", secondMoments.get(i));
        }
    }
}
