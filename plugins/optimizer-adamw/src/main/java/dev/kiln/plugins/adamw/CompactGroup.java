package dev.kiln.plugins.adamw;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.CompactMoment;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Moments in one byte an element. */
record CompactGroup(
        List<Weight> weights,
        List<CompactMoment> firstMoments,
        List<CompactMoment> secondMoments,
        double weightDecay)
        implements Group {

    static CompactGroup of(Backend backend, Scope scope, List<Weight> weights, double weightDecay) {
        return new CompactGroup(
                weights,
                zeros(backend, scope, weights),
                zeros(backend, scope, weights),
                weightDecay);
    }

    private static List<CompactMoment> zeros(Backend backend, Scope scope, List<Weight> weights) {
        return weights.stream().map(weight -> zeros(backend, scope, weight)).toList();
    }

    private static CompactMoment zeros(Backend backend, Scope scope, Weight weight) {
        Shape scales = Shape.of(blocks(weight));
        Tensor codes = scope.allocate(DType.UINT8, weight.shape());
        backend.fill(codes, 0);
        return new CompactMoment(codes, WideGroup.zeros(backend, scope, scales));
    }

    private static int blocks(Weight weight) {
        long blocks = Math.ceilDiv(weight.shape().size(), CompactMoment.BLOCK);
        if (blocks > Integer.MAX_VALUE) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "optimizer.state: int8 holds weights of at most %,d elements, %s has %,d",
                            (long) Integer.MAX_VALUE * CompactMoment.BLOCK,
                            weight.name(),
                            weight.shape().size()));
        }
        return (int) blocks;
    }

    @Override
    public void update(Backend backend, AdamWStep step) {
        backend.adamWCompact(weights, firstMoments, secondMoments, step);
    }

    @Override
    public void addState(Map<String, Tensor> state) {
        for (int i = 0; i < weights.size(); i++) {
            add(state, weights.get(i).name() + ".exp_avg", firstMoments.get(i));
            add(state, weights.get(i).name() + ".exp_avg_sq", secondMoments.get(i));
        }
    }

    private static void add(Map<String, Tensor> state, String name, CompactMoment moment) {
        state.put(name + ".codes", moment.codes());
        state.put(name + ".scales", moment.scales());
    }
}
