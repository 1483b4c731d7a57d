package ${package};

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.training.Optimizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** velocity = momentum · velocity + gradient; weight = weight - rate · velocity. */
record Momentum(double momentum, Backend backend, Map<Weight, Tensor> velocities)
        implements Optimizer.Attached {

    static Momentum zeroed(double momentum, Backend backend, Scope scope, List<Weight> weights) {
        Map<Weight, Tensor> velocities = new LinkedHashMap<>();
        for (Weight weight : weights) {
            Tensor velocity = scope.allocate(DType.FLOAT32, weight.shape());
            backend.fill(velocity, 0);
            velocities.put(weight, velocity);
        }
        return new Momentum(momentum, backend, velocities);
    }

    @Override
    public void update(long step, double learningRate, double gradientScale) {
        velocities.forEach(
                (weight, velocity) -> {
                    backend.scale(velocity, velocity, momentum);
                    backend.addScaled(velocity, weight.gradient(), gradientScale);
                    backend.addScaled(weight.value(), velocity, -learningRate);
                    backend.refresh(weight);
                });
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        velocities.forEach((weight, velocity) -> state.put(weight.name() + ".velocity", velocity));
        return state;
    }
}
