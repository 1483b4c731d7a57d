package dev.kiln.spi.data;

import dev.kiln.spi.Stable;
import java.util.List;

/** A corpus: documents of text, or tokens that were made elsewhere. Thread-safe. */
@Stable
public sealed interface DataSource permits TextSource, TokenSource, Mixture {

    /** The order of training windows. Held-out windows are always read in sequence. */
    default Order order() {
        return Order.SHUFFLED;
    }

    /**
     * Texts for the model to continue at the end of a run, related to what is held out; may be
     * empty.
     */
    default List<String> prompts() {
        return List.of();
    }

    /**
     * What the user should know of what was read so far, such as how much was skipped: a line each;
     * empty before anything was read.
     */
    default List<String> notices() {
        return List.of();
    }
}
