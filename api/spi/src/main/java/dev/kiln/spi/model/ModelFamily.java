package dev.kiln.spi.model;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Stable;

/** A kind of model with its options chosen. Immutable and thread-safe. */
@Stable
public interface ModelFamily {

    /** The sizes that the model will have for a tokenizer of this vocabulary. */
    ModelShape shape(int vocabulary);

    /** Builds the model: creates every weight, named as in the Hugging Face layout of the family. */
    Model build(Weights weights, int vocabulary);

    /**
     * How such a model lies in a Hugging Face folder.
     *
     * @throws InvalidInput when it can't be expressed there; says what stands against it
     */
    default HuggingFaceModel huggingFace(int vocabulary) {
        throw new InvalidInput("this model family has no Hugging Face form");
    }
}
