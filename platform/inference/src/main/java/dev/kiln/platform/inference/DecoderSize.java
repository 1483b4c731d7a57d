package dev.kiln.platform.inference;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.model.ModelShape;

/**
 * How much a {@link Decoder} does at once.
 *
 * @param slots requests that are worked on at once, at least 1; others wait for their turn
 * @param positions that a slot has room for, at least 1
 * @param rows of a pass, at most, of all slots together, at least 1
 */
public record DecoderSize(int slots, int positions, int rows) {
    /** Enough for products to run at full speed. */
    static final int ROWS = 512;

    public DecoderSize {
        if (slots < 1 || positions < 1 || rows < 1) {
            throw new IllegalArgumentException(
                    "expected slots, positions and rows of at least 1, got "
                            + slots
                            + ", "
                            + positions
                            + ", "
                            + rows);
        }
    }

    /** With as many rows of a pass as products need to run at full speed. */
    public DecoderSize(int slots, int positions) {
        this(slots, positions, ROWS);
    }

    /** Bytes of a slot's keys and values. */
    public static long bytesOfSlot(ModelShape shape, DType type, long positions) {
        return 2L * shape.layers() * shape.attentionWidth() * type.bytes() * positions;
    }
}
