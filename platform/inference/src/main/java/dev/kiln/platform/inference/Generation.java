package dev.kiln.platform.inference;

import java.util.List;

/**
 * What a model wrote for one prompt.
 *
 * @param text without the prompt and without the stop text
 * @param ids the tokens written, end of text and those of a stop text included
 * @param logProbabilities of each of them under the model, in nats, before the sampler's changes;
 *     none where they were not asked for
 */
public record Generation(String text, List<Integer> ids, List<Double> logProbabilities, End end) {
    public Generation {
        ids = List.copyOf(ids);
        logProbabilities = List.copyOf(logProbabilities);
    }

    /** Why it ended. */
    public enum End {
        END_OF_TEXT,
        STOP,
        LENGTH
    }
}
