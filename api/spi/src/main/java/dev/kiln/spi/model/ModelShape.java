package dev.kiln.spi.model;

import dev.kiln.spi.Stable;

/**
 * The sizes that others need to know of a model.
 *
 * @param vocabulary rows of the output projection, V
 * @param context longest sequence, in positions
 * @param layers number of blocks that attend
 * @param heads attention heads of a block; divides the attention's width
 * @param width C of the hidden states
 * @param attentionWidth of a block's queries, and of its keys and values: the heads times the size of
 *     one. Caches of keys and values are made for it
 */
@Stable
public record ModelShape(
        int vocabulary, int context, int layers, int heads, int width, int attentionWidth) {

    /** With attention as wide as the hidden states: heads of {@code width / heads}. */
    public ModelShape(int vocabulary, int context, int layers, int heads, int width) {
        this(vocabulary, context, layers, heads, width, width);
    }

    /** Elements of one head's query, key or value. */
    public int headSize() {
        return attentionWidth / heads;
    }
}
