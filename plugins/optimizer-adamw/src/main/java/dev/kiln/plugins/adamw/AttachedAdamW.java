package dev.kiln.plugins.adamw;

import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.training.Optimizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** AdamW at work: one kernel call a group. */
record AttachedAdamW(Backend backend, AdamWOptions options, List<Group> groups)
        implements Optimizer.Attached {

    @Override
    public void update(long step, double learningRate, double gradientScale) {
        for (Group group : groups) {
            if (!group.weights().isEmpty()) {
                group.update(
                        backend, numbers(step, learningRate, group.weightDecay(), gradientScale));
            }
        }
    }

    private AdamWStep numbers(
            long step, double learningRate, double weightDecay, double gradientScale) {
        return new AdamWStep(
                step,
                learningRate,
                options.beta1(),
                options.beta2(),
                options.epsilon(),
                weightDecay,
                gradientScale);
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        groups.forEach(group -> group.addState(state));
        return state;
    }
}
