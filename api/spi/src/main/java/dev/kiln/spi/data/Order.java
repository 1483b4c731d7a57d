package dev.kiln.spi.data;

import dev.kiln.spi.Stable;

/** The order in which an epoch visits the windows of a corpus. */
@Stable
public enum Order {
    /** A new permutation each epoch, and a new offset of the windows. */
    SHUFFLED,
    /** As they lie in the corpus. */
    SEQUENTIAL
}
