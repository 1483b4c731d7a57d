package dev.kiln.platform.storage;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a run stands, beside its tensors: what a resume needs to go on as if nothing had happened.
 * Immutable.
 *
 * @param step updates made, 0 or more
 * @param tokens trained on since the run began
 * @param position where the data source is to be read next, in a unit that the reader chooses
 * @param best the best evaluation so far, this step's included
 * @param values whatever else the run wants to find again
 */
public record CheckpointState(
        long step, long tokens, long position, Optional<Best> best, Map<String, String> values) {

    /**
     * An evaluation that none has beaten.
     *
     * @param step after which it was made
     * @param loss in nats
     * @param scores by the name of the metric, what the run is known by first; empty where only the
     *     loss counts
     */
    public record Best(long step, double loss, Map<String, Double> scores) {

        public Best {
            scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
        }

        /** One that only the loss decides. */
        public Best(long step, double loss) {
            this(step, loss, Map.of());
        }
    }

    public CheckpointState {
        if (step < 0 || tokens < 0 || position < 0) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "expected a step, tokens and a position from 0 on, got %d, %d, %d",
                            step,
                            tokens,
                            position));
        }
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /** The file's form; {@code best} is an empty list or a list of one. */
    record Stored(
            long step, long tokens, long position, List<Best> best, Map<String, String> values) {}

    String toJson() {
        return Json.text(new Stored(step, tokens, position, best.stream().toList(), values));
    }

    static CheckpointState of(Stored stored) {
        return new CheckpointState(
                stored.step,
                stored.tokens,
                stored.position,
                stored.best.stream().findFirst(),
                stored.values);
    }
}
