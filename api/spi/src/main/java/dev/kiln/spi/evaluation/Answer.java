package dev.kiln.spi.evaluation;

import dev.kiln.spi.Experimental;
import java.util.List;

/** What is right. */
@Experimental
public sealed interface Answer {

    /**
     * One of the labels or choices.
     *
     * @param index from 0
     */
    @Experimental
    record Choice(int index) implements Answer {}

    /** A number, as of how similar two texts are. */
    @Experimental
    record Score(double value) implements Answer {}

    /**
     * Words; any of them is right.
     *
     * @param accepted at least one; the first is the one to learn from
     */
    @Experimental
    record Words(List<String> accepted) implements Answer {
        public Words {
            accepted = List.copyOf(accepted);
            if (accepted.isEmpty()) {
                throw new IllegalArgumentException("expected an answer");
            }
        }
    }

    /** Nobody says, as in the test parts of benchmarks, or nothing is asked. */
    @Experimental
    record Unknown() implements Answer {}
}
