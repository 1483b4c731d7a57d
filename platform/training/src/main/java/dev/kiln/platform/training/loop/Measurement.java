package dev.kiln.platform.training.loop;

import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.spi.run.RunEvent;
import java.util.List;
import java.util.Map;

/**
 * What was measured.
 *
 * @param loss in nats
 * @param scores by the name of the metric, higher is better, what the run is known by first; empty
 *     where only the loss counts
 * @param events what listeners are told
 */
public record Measurement(double loss, Map<String, Double> scores, List<RunEvent> events) {

    /** Whether it is better: by the first score, of equals by the loss. */
    boolean beats(CheckpointState.Best best) {
        int order = Double.compare(known(scores), known(best.scores()));
        return order > 0 || order == 0 && loss < best.loss();
    }

    private static double known(Map<String, Double> scores) {
        return scores.values().stream().findFirst().orElse(0.0);
    }
}
