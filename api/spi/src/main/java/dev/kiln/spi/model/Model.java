package dev.kiln.spi.model;

import dev.kiln.spi.Stable;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;

/** A decoder-only Transformer with its weights. */
@Stable
public interface Model {

    ModelShape shape();

    /**
     * The final hidden states.
     *
     * @param ids INT32 [B, T], each in [0, vocabulary)
     * @param positions INT32 [B, T], each in [0, context); with a KV cache they go on from it
     * @return [B, T, width]
     */
    Tensor hidden(Ops ops, Tensor ids, Tensor positions);

    /**
     * The output projection [vocabulary, width]; mostly the token embedding itself.
     *
     * @param ops those that {@link #hidden} ran on, whose dropout a tied table shares
     */
    Weight outputTable(Ops ops);
}
