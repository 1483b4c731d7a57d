package dev.kiln.toolkit;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A Transformer block: attention, then the feed-forward layer, each composed with its norm and its
 * residual as the placement says. Used by one thread at a time.
 */
public final class Block {
    private final NormPlacement placement;
    private final List<LayerNorm> attentionNorms;
    private final SelfAttention attention;
    private final List<LayerNorm> mlpNorms;
    private final Mlp mlp;

    /**
     * @param weights a factory with the block's prefix, mostly {@code h.<layer>}
     */
    public Block(Weights weights, DecoderSpec spec, int layer) {
        placement = spec.placement();
        attentionNorms = norms(weights, spec, 1);
        attention = new SelfAttention(weights.in("attn"), spec, layer);
        mlpNorms = norms(weights, spec, 1 + placement.normsPerSublayer());
        mlp = new Mlp(weights.in("mlp"), spec);
    }

    /** The norms of one sublayer: {@code ln_1} and {@code ln_2} in all, where each has one. */
    private static List<LayerNorm> norms(Weights weights, DecoderSpec spec, int first) {
        return IntStream.range(first, first + spec.placement().normsPerSublayer())
                .mapToObj(i -> spec.norm(weights.in("ln_" + i)))
                .toList();
    }

    /** [B, T, C] to [B, T, C]. */
    public Tensor apply(Ops ops, Tensor x) {
        Tensor attended =
                placement.apply(ops, x, on(ops, attentionNorms), y -> attention.apply(ops, y));
        return placement.apply(ops, attended, on(ops, mlpNorms), y -> mlp.apply(ops, y));
    }

    private static List<UnaryOperator<Tensor>> on(Ops ops, List<LayerNorm> norms) {
        List<UnaryOperator<Tensor>> bound = new ArrayList<>(norms.size());
        for (LayerNorm norm : norms) { // no stream: this runs for every token that is generated
            bound.add(x -> norm.apply(ops, x));
        }
        return bound;
    }
}
