package dev.kiln.spi.data;

import dev.kiln.spi.Stable;

/** The two parts of a corpus: what is learned from, and what is held out to measure. */
@Stable
public enum Split {
    TRAIN,
    HELD_OUT
}
