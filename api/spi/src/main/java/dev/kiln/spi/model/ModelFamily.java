package dev.kiln.spi.model;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Stable;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A kind of model with its options chosen. Immutable and thread-safe. */
@Stable
public interface ModelFamily {
    /** What the names of a layer's weights have in them, for {@link #layer}. */
    Pattern LAYER = Pattern.compile("(?:^|\\.)h\\.(\\d{1,6})\\.");

    /** The sizes that the model will have for a tokenizer of this vocabulary. */
    ModelShape shape(int vocabulary);

    /** Builds the model: creates every weight, named as in the Hugging Face layout of the family. */
    Model build(Weights weights, int vocabulary);

    /**
     * Which layer a weight is of: what freezing, transfer and adapters of low rank go by. Without
     * another word {@code h.3.mlp.c_fc.weight} is of layer 3.
     *
     * @param weight its name, as {@link #build} created it
     * @return from 0, less than {@code shape.layers()}; empty for what is in no layer, as embeddings
     *     are
     */
    default OptionalInt layer(String weight) {
        Matcher block = LAYER.matcher(weight);
        return block.find()
                ? OptionalInt.of(Integer.parseInt(block.group(1)))
                : OptionalInt.empty();
    }

    /**
     * How such a model lies in a Hugging Face folder.
     *
     * @throws InvalidInput when it can't be expressed there; says what stands against it
     */
    default HuggingFaceModel huggingFace(int vocabulary) {
        throw new InvalidInput("this model family has no Hugging Face form");
    }
}
