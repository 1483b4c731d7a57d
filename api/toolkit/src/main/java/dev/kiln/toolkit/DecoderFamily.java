package dev.kiln.toolkit;

import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.Weights;

/** A family whose models are a {@link DecoderStack}: all that it has to say is the spec. */
public interface DecoderFamily extends ModelFamily {

    /** What the user chose. */
    DecoderOptions options();

    /** The model for a tokenizer of this vocabulary. */
    DecoderSpec spec(int vocabulary);

    @Override
    default ModelShape shape(int vocabulary) {
        return spec(vocabulary).shape();
    }

    @Override
    default Model build(Weights weights, int vocabulary) {
        return new DecoderStack(weights, spec(vocabulary));
    }
}
