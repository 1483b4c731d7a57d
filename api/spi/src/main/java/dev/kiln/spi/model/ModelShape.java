package dev.kiln.spi.model;

import dev.kiln.spi.Stable;

/**
 * The sizes that others need to know of a model.
 *
 * @param vocabulary rows of the output projection, V
 * @param context longest sequence, in positions
 * @param layers number of blocks that attend
 * @param heads attention heads of a block; divides the width
 * @param width C of the hidden states
 */
@Stable
public record ModelShape(int vocabulary, int context, int layers, int heads, int width) {}
