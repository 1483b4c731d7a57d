package dev.kiln.platform.storage;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import java.util.List;
import java.util.Locale;

/**
 * A matrix whose elements share scales block by block: {@link WeightFormat} says what a value is, and
 * {@link dev.kiln.spi.backend.FrozenWeight} where it lies. It is coded in bands, of {@link
 * WeightFormat#BLOCK} rows, or of one row of a table: a band's blocks are its own. Immutable.
 *
 * @param table whether blocks run along rows, else down columns
 * @param format INT8 or INT4
 */
record Blocks(Shape shape, boolean table, WeightFormat format) {
    private static final int BLOCK = WeightFormat.BLOCK;

    Blocks {
        if (shape.rank() != 2 || !format.scaled()) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "no blocks of %s in %s", format, shape));
        }
    }

    /** The shape of the stored elements. */
    List<Long> elements() {
        long rows = shape.rows();
        long columns = shape.columns();
        if (format == WeightFormat.INT8) {
            return List.of(rows, columns);
        }
        return table
                ? List.of(rows, Math.ceilDiv(columns, 2))
                : List.of(Math.ceilDiv(rows, 2), columns);
    }

    /** The shape of the scales. */
    List<Long> scales() {
        return List.of((long) bands(), (long) scalesPerBand());
    }

    int bands() {
        return table ? shape.rows() : Math.ceilDiv(shape.rows(), BLOCK);
    }

    int scalesPerBand() {
        return table ? Math.ceilDiv(shape.columns(), BLOCK) : shape.columns();
    }

    /** Rows of a band: the last one may have fewer. */
    int rows(int band) {
        return table ? 1 : Math.min(BLOCK, shape.rows() - band * BLOCK);
    }

    /** Rows of all bands but the last. */
    int bandRows() {
        return table ? 1 : BLOCK;
    }

    /** Stored bytes of a band. */
    int bytes(int band) {
        int columns = shape.columns();
        if (format == WeightFormat.INT8) {
            return rows(band) * columns;
        }
        return table ? Math.ceilDiv(columns, 2) : Math.ceilDiv(rows(band), 2) * columns;
    }

    /**
     * Codes a band.
     *
     * @param values its rows, one after the other
     * @param scales NaN for a block with an element that is not finite
     */
    void encode(int band, float[] values, byte[] elements, float[] scales) {
        for (int k = 0; k < scalesPerBand(); k++) {
            scales[k] =
                    format == WeightFormat.INT8
                            ? encode8(values, start(k), count(band, k), elements)
                            : encode4(values, start(k), count(band, k), elements, start4(k));
        }
    }

    private int start(int block) {
        return table ? block * BLOCK : block;
    }

    private int start4(int block) {
        return table ? block * BLOCK / 2 : block;
    }

    private int count(int band, int block) {
        return table ? Math.min(BLOCK, shape.columns() - block * BLOCK) : rows(band);
    }

    private int stride() {
        return table ? 1 : shape.columns();
    }

    private float encode8(float[] values, int start, int count, byte[] out) {
        float largest = Math.abs(extreme(values, start, count));
        float scale = largest / 127;
        for (int j = 0; j < count; j++) {
            int at = start + j * stride();
            out[at] = (byte) Math.clamp(nearest(values[at], scale), -127, 127);
        }
        return scale;
    }

    private float encode4(float[] values, int start, int count, byte[] out, int outStart) {
        float extreme = extreme(values, start, count);
        float scale = extreme == 0 ? 0 : extreme / -8;
        for (int j = 0; j < count; j++) {
            int q = Math.clamp(nearest(values[start + j * stride()], scale) + 8, 0, 15);
            int at = outStart + j / 2 * stride();
            out[at] = (byte) (j % 2 == 0 ? q | 8 << 4 : out[at] & 0xf | q << 4);
        }
        return scale;
    }

    /** The first of the values of largest magnitude; NaN if one is not finite. */
    private float extreme(float[] values, int start, int count) {
        float extreme = 0;
        float finite = 0;
        for (int j = 0; j < count; j++) {
            float value = values[start + j * stride()];
            finite += 0 * value;
            extreme = Math.abs(value) > Math.abs(extreme) ? value : extreme;
        }
        return extreme + finite;
    }

    private static long nearest(float value, float scale) {
        return scale == 0 ? 0 : (long) Math.rint((double) value / scale);
    }

    /** The values of a band. */
    void decode(int band, byte[] elements, float[] scales, float[] values) {
        for (int k = 0; k < scalesPerBand(); k++) {
            for (int j = 0; j < count(band, k); j++) {
                int at = start(k) + j * stride();
                int q =
                        format == WeightFormat.INT8
                                ? elements[at]
                                : nibble(elements[start4(k) + j / 2 * stride()], j) - 8;
                values[at] = scales[k] * q;
            }
        }
    }

    private static int nibble(byte two, int index) {
        return index % 2 == 0 ? two & 0xf : two >> 4 & 0xf;
    }
}
