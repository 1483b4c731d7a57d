package dev.kiln.toolkit;

import dev.kiln.spi.model.Init;
import java.util.Optional;

/** What projects hidden states on the vocabulary. */
public enum OutputHead {
    /** The token embedding. */
    TIED,
    /** A table of its own, {@code lm_head.weight}. */
    SEPARATE;

    /** How the own table is filled, if there is one. */
    public Optional<Init> init(Init tokens) {
        return this == SEPARATE ? Optional.of(tokens) : Optional.empty();
    }
}
