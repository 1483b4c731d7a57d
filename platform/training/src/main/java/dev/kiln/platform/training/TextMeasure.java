package dev.kiln.platform.training;

import dev.kiln.spi.run.RunEvent;
import java.util.Map;
import java.util.Optional;

/** Measures a model on the held-out text of a corpus. Used by one thread. */
final class TextMeasure implements Measure {
    private final HeldOutParts parts;
    private Optional<HeldOutParts.Results> last = Optional.empty();

    TextMeasure(HeldOutParts parts) {
        this.parts = parts;
    }

    @Override
    public String name() {
        return "held out";
    }

    @Override
    public Optional<Measurement> measure(long step, long tokens) {
        last = parts.measure();
        return last.map(HeldOutParts.Results::total).map(total -> measurement(total, step, tokens));
    }

    private static Measurement measurement(HeldOut.Result result, long step, long tokens) {
        return new Measurement(
                result.loss(),
                Map.of(),
                new RunEvent.Evaluated(
                        step, tokens, result.loss(), result.perplexity(), result.bitsPerByte()));
    }

    /** What was measured last; empty where nothing is held out. */
    Optional<HeldOutParts.Results> last() {
        return last;
    }
}
