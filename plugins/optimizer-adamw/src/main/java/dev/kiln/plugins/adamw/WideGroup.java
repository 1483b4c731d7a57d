package dev.kiln.plugins.adamw;

import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.List;
import java.util.Map;

/** Moments in float32. */
record WideGroup(
        List<Weight> weights,
        List<Tensor> firstMoments,
        List<Tensor> secondMoments,
        double weightDecay)
        implements Group {

    static WideGroup of(Backend backend, Scope scope, List<Weight> weights, double weightDecay) {
        return new WideGroup(
                weights,
                zeros(backend, scope, weights),
                zeros(backend, scope, weights),
                weightDecay);
    }

    private static List<Tensor> zeros(Backend backend, Scope scope, List<Weight> weights) {
        return weights.stream().map(weight -> zeros(backend, scope, weight.shape())).toList();
    }

    static Tensor zeros(Backend backend, Scope scope, Shape shape) {
        Tensor zeros = scope.allocate(DType.FLOAT32, shape);
        backend.fill(zeros, 0);
        return zeros;
    }

    @Override
    public void update(Backend backend, AdamWStep step) {
        backend.adamW(weights, firstMoments, secondMoments, step);
    }

    @Override
    public void addState(Map<String, Tensor> state) {
        for (int i = 0; i < weights.size(); i++) {
            state.put(weights.get(i).name() + ".exp_avg", firstMoments.get(i));
            state.put(weights.get(i).name() + ".exp_avg_sq", secondMoments.get(i));
        }
    }
}
