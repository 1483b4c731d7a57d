package dev.kiln.spi.model;

import dev.kiln.spi.Stable;

/** A kind of model with its options chosen. Immutable and thread-safe. */
@Stable
public interface ModelFamily {

    /** The sizes that the model will have for a tokenizer of this vocabulary. */
    ModelShape shape(int vocabulary);

    /** Builds the model: creates every weight, named as in the Hugging Face layout of the family. */
    Model build(Weights weights, int vocabulary);
}
