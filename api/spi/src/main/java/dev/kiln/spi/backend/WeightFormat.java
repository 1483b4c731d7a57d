package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/**
 * How the elements of a frozen weight are stored; see {@link FrozenWeight}. In INT8 and INT4, {@link
 * #BLOCK} consecutive elements along the dimension that products sum over share one scale; a last
 * block may be shorter. Values are to nearest, ties to even.
 */
@Stable
public enum WeightFormat {
    FLOAT32,
    /** Rounded to nearest even. */
    BFLOAT16,
    /** value = scale · q with a signed byte q in [-127, 127]; scale = max |value| / 127. */
    INT8,
    /**
     * value = scale · (q - 8) with q in [0, 15]; scale = m / -8 for the value m of largest magnitude,
     * so that m itself is exact. Two q share a byte, the one of the lower index in the lower half;
     * behind an odd number of them the upper half of the last byte is 8.
     */
    INT4;

    /** Elements that share a scale. */
    public static final int BLOCK = 32;

    /** Whether blocks of elements share scales. */
    public boolean scaled() {
        return this == INT8 || this == INT4;
    }
}
