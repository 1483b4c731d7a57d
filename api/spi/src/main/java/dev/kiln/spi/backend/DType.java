package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/** The type of a tensor's elements. */
@Stable
public enum DType {
    FLOAT32(4),
    /** The upper half of a float32: 8 bits of exponent, 8 significant bits. */
    BFLOAT16(2),
    INT32(4),
    /** Whole bytes, 0 to 255: codes of an optimizer's state, see {@link CompactMoment}. */
    UINT8(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
