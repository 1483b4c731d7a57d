package dev.kiln.platform.training.trainee;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import java.util.Optional;

/** What is carried over from the model that a run begins with. */
public record TransferOptions(
        @Doc("the first so many layers; all if left out") @Range(min = 0) Optional<Integer> layers,
        @Doc("what is in no layer: embeddings, a final norm") @Default("true") boolean embeddings) {
    /** All of it. */
    public static final TransferOptions ALL = new TransferOptions(Optional.empty(), true);
}
