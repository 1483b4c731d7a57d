package dev.kiln.toolkit;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A decoder-only Transformer with learned positions and an output projection tied to the token
 * embedding (Radford et al., 2018, section 3.1). Used by one thread at a time.
 */
public final class DecoderStack implements Model {
    private final DecoderSpec spec;
    private final Weight tokens;
    private final Weight positions;
    private final List<Block> blocks;
    private final Optional<LayerNorm> finalNorm;

    public DecoderStack(Weights weights, DecoderSpec spec) {
        this.spec = spec;
        ModelShape shape = spec.shape();
        tokens =
                weights.in(spec.names().tokens())
                        .create(
                                "weight",
                                Shape.of(shape.vocabulary(), shape.width()),
                                spec.init().tokens());
        positions =
                weights.in(spec.names().positions())
                        .create(
                                "weight",
                                Shape.of(shape.context(), shape.width()),
                                spec.init().positions());
        blocks =
                IntStream.range(0, shape.layers())
                        .mapToObj(layer -> new Block(weights.in("h." + layer), spec, layer))
                        .toList();
        finalNorm =
                spec.placement().finalNorm()
                        ? Optional.of(spec.norm(weights.in(spec.names().finalNorm())))
                        : Optional.empty();
    }

    @Override
    public ModelShape shape() {
        return spec.shape();
    }

    @Override
    public Tensor hidden(Ops ops, Tensor ids, Tensor places) {
        Tensor embedded = ops.add(ops.embedding(tokens, ids), ops.embedding(positions, places));
        Tensor x = ops.dropout(embedded, spec.dropout().embedding()); // (B, T, C)
        for (Block block : blocks) {
            x = ops.block(x, y -> block.apply(ops, y));
        }
        return finalNorm.isPresent() ? finalNorm.get().apply(ops, x) : x;
    }

    @Override
    public Weight outputTable(Ops ops) {
        return tokens;
    }
}
