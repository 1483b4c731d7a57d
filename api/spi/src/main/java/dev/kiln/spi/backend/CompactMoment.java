package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/**
 * A moment of Adam in one byte an element (after Dettmers et al., 2022, 8-bit optimizers via
 * block-wise quantization, with powers in place of their table). {@link #BLOCK} consecutive elements
 * share a scale, the largest magnitude among them; a last block may be shorter. Where the scale is
 * 0 all elements are, whatever their codes.
 *
 * <p>The first moment is {@code scale · s · |s|} with {@code s = (code - 128) / 127}, code in [1,
 * 255]; the second, never negative, is {@code scale · (code / 255)⁴}.
 *
 * @param codes UINT8, the weight's shape
 * @param scales FLOAT32 [⌈size / BLOCK⌉]
 */
@Stable
public record CompactMoment(Tensor codes, Tensor scales) {
    /** Elements that share a scale. */
    public static final int BLOCK = 256;
}
