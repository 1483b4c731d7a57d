package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;
import dev.kiln.spi.attention.AttentionLayout;

/**
 * How one layer attends.
 *
 * @param heads number of heads H; divides the width
 * @param layout the visible keys, with {@code queries == keys == T}
 * @param scale what scores are multiplied by, mostly 1/√(width / heads)
 * @param dropout of the attention weights after the softmax: element (query i, key j) of head h of
 *     sequence b is counter {@code i T + j} under the key {@code Randomness.key(dropout.key(), b H +
 *     h)}
 */
@Stable
public record AttentionSpec(int heads, AttentionLayout layout, double scale, Dropout dropout) {}
