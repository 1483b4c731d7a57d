package dev.kiln.platform.training.trainee;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;

/** What stays as it is. */
public record FreezeOptions(
        @Doc("the first so many layers") @Default("0") @Range(min = 0) int layers,
        @Doc("embeddings, the special tokens' among them, and a final norm") @Default("false")
                boolean embeddings) {
    /** Nothing. */
    public static final FreezeOptions NONE = new FreezeOptions(0, false);
}
