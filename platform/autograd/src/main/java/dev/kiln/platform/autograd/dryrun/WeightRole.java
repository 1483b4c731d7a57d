package dev.kiln.platform.autograd.dryrun;

/** What a model does with a weight, and so along which dimension products sum over it. */
public enum WeightRole {
    /** A matrix [I, O] that linear layers take: products sum over its rows. */
    LINEAR,
    /** A table [V, C] that states are projected on, tokens' embedding or not. */
    TABLE,
    /** A table [V, C] of which only rows are looked up. */
    EMBEDDING,
    /** Anything else: vectors, and what the model reads in ways of its own. */
    OTHER;

    /** Whether it is in products, so that formats with scales suit it. */
    public boolean inProducts() {
        return this == LINEAR || this == TABLE;
    }

    /** Whether products sum over its rows' elements, see {@link dev.kiln.spi.backend.FrozenWeight}. */
    public boolean isTable() {
        return this == TABLE || this == EMBEDDING;
    }

    /** What it is when it is also used otherwise. */
    WeightRole and(WeightRole other) {
        if (this == other || other == EMBEDDING && this == TABLE) {
            return this;
        }
        return this == EMBEDDING && other == TABLE ? TABLE : OTHER;
    }
}
