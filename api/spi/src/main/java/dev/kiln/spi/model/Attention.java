package dev.kiln.spi.model;

import dev.kiln.spi.Stable;
import dev.kiln.spi.attention.AttentionPattern;

/**
 * How a block attends.
 *
 * @param layer 0-based index of the block; finds its place in a KV cache
 * @param heads number of heads; divides the width
 * @param pattern which keys each query sees
 * @param scale what scores are multiplied by
 * @param dropout rate on the attention weights while training, in [0, 1)
 */
@Stable
public record Attention(
        int layer, int heads, AttentionPattern pattern, double scale, double dropout) {}
