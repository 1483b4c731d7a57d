package dev.kiln.plugins.sparse;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Sparse;
import java.util.Arrays;

/** The rows of a sparse layout while they are written, one after the other. */
final class Rows {
    private int[] bounds = new int[64];
    private int size;
    private int rowBegin;

    private Rows() {}

    /** Writes the spans of a position, in order, the last of which ends behind the position. */
    interface Row {
        void write(Rows rows, int position);
    }

    /** The pattern that has this row at every position, in every layer. */
    static AttentionPattern pattern(Row row) {
        return (layer, queries, keys) -> {
            checkLayer(layer);
            AttentionLayout.check(queries, keys);
            return new Rows().layout(queries, keys, row);
        };
    }

    static void checkLayer(int layer) {
        if (layer < 0) {
            throw new IllegalArgumentException("expected layer >= 0, got " + layer);
        }
    }

    private Sparse layout(int queries, int keys, Row row) {
        int[] rowStart = new int[queries + 1];
        for (int i = 0; i < queries; i++) {
            rowBegin = size;
            row.write(this, keys - queries + i);
            rowStart[i + 1] = size / 2;
        }
        return new Sparse(queries, keys, rowStart, Arrays.copyOf(bounds, size));
    }

    /** The keys [from, to) are visible; what follows the row's last span directly, lengthens it. */
    void span(int from, int to) {
        if (size > rowBegin && bounds[size - 1] == from) {
            bounds[size - 1] = to;
            return;
        }
        if (size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * size);
        }
        bounds[size++] = from;
        bounds[size++] = to;
    }
}
