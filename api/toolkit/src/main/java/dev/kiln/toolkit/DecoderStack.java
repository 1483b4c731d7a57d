package dev.kiln.toolkit;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A decoder-only Transformer with learned positions, whose output projection is the token embedding
 * or a table of its own (Radford et al., 2018, section 3.1). Used by one thread at a time.
 */
public final class DecoderStack implements Model {
    private final DecoderSpec spec;
    private final Weight tokens;
    private final Weight positions;
    private final List<Block> blocks;
    private final Optional<LayerNorm> finalNorm;
    private final Optional<Weight> separateHead;

    public DecoderStack(Weights weights, DecoderSpec spec) {
        this.spec = spec;
        ModelShape shape = spec.shape();
        DecoderSpec.Names names = spec.names();
        tokens = table(weights.in(names.tokens()), shape.vocabulary(), spec.init().tokens());
        positions = table(weights.in(names.positions()), shape.context(), spec.init().positions());
        blocks =
                IntStream.range(0, shape.layers())
                        .mapToObj(layer -> new Block(weights.in("h." + layer), spec, layer))
                        .toList();
        finalNorm =
                spec.placement().finalNorm()
                        ? Optional.of(spec.norm(weights.in(names.finalNorm())))
                        : Optional.empty();
        separateHead =
                spec.separateHead()
                        .map(init -> table(weights.in("lm_head"), shape.vocabulary(), init));
    }

    private Weight table(Weights weights, int rows, Init init) {
        return weights.create("weight", Shape.of(rows, spec.shape().width()), init);
    }

    @Override
    public ModelShape shape() {
        return spec.shape();
    }

    @Override
    public Tensor hidden(Ops ops, Tensor ids, Tensor places) {
        Tensor x = embed(ops, ids, places); // (B, T, C)
        for (Block block : blocks) {
            x = ops.block(x, y -> block.apply(ops, y));
        }
        return finalNorm.isPresent() ? finalNorm.get().apply(ops, x) : x;
    }

    private Tensor embed(Ops ops, Tensor ids, Tensor places) {
        double rate = spec.dropout().embedding();
        return switch (spec.embeddingDropout()) {
            case ON_SUM -> ops.dropout(sum(ops, tokens, ids, positions, places), rate);
            case ON_TABLES ->
                    sum(ops, ops.dropout(tokens, rate), ids, ops.dropout(positions, rate), places);
        };
    }

    private static Tensor sum(Ops ops, Weight tokens, Tensor ids, Weight positions, Tensor places) {
        return ops.add(ops.embedding(tokens, ids), ops.embedding(positions, places));
    }

    @Override
    public Weight outputTable(Ops ops) {
        return separateHead.orElseGet(() -> tied(ops));
    }

    private Weight tied(Ops ops) {
        return switch (spec.embeddingDropout()) {
            case ON_SUM -> tokens;
            case ON_TABLES -> ops.dropout(tokens, spec.dropout().embedding());
        };
    }
}
