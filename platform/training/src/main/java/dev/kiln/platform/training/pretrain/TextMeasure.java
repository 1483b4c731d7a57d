package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.training.loop.Measure;
import dev.kiln.platform.training.loop.Measurement;
import dev.kiln.spi.run.RunEvent;
import java.util.ArrayList;
import java.util.List;
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
        return last.map(results -> measurement(results, step, tokens));
    }

    private Measurement measurement(HeldOutParts.Results results, long step, long tokens) {
        HeldOut.Result total = results.total();
        List<RunEvent> events = new ArrayList<>();
        events.add(
                new RunEvent.Evaluated(
                        step, tokens, total.loss(), total.perplexity(), total.bitsPerByte()));
        Map<String, Double> ofParts = parts.losses(results);
        if (!ofParts.isEmpty()) {
            events.add(new RunEvent.Measured(step, ofParts));
        }
        return new Measurement(total.loss(), Map.of(), events);
    }

    /** What was measured last; empty where nothing is held out. */
    Optional<HeldOutParts.Results> last() {
        return last;
    }
}
