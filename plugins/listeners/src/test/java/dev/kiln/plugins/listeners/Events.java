package dev.kiln.plugins.listeners;

import dev.kiln.spi.run.RunEvent;
import java.time.Duration;

/** Events as a run makes them. */
final class Events {
    private Events() {}

    static RunEvent.Started started(long firstStep, long steps) {
        return new RunEvent.Started("GPT-2, 7.1 M parameters, WordNet, nd4j", firstStep, steps);
    }

    /** A step takes half a second and 1,024 tokens. */
    static RunEvent.Step step(long step, double loss) {
        return new RunEvent.Step(
                step, step * 1024, loss, 1e-3, 0.905, 12_345.4, Duration.ofMillis(500 * step));
    }

    static RunEvent.Evaluated evaluated(long step, double loss, double bitsPerByte) {
        return new RunEvent.Evaluated(step, step * 1024, loss, Math.exp(loss), bitsPerByte);
    }
}
