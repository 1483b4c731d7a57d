package org.example.dilated;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Sparse;
import java.util.Arrays;

/** Position p sees p, p - dilation, p - 2 dilation, and so on: {@code count} keys at most. */
record Dilated(int dilation, int count) implements AttentionPattern {

    @Override
    public AttentionLayout layout(int layer, int queries, int keys) {
        if (layer < 0) {
            throw new IllegalArgumentException("expected layer >= 0, got " + layer);
        }
        AttentionLayout.check(queries, keys);
        int[] rowStart = new int[queries + 1];
        int[] bounds = new int[2 * queries * Math.min(count, keys)];
        int spans = 0;
        for (int row = 0; row < queries; row++) {
            int position = keys - queries + row;
            for (int back = seen(position) - 1; back >= 0; back--) {
                int key = position - back * dilation;
                bounds[2 * spans] = key;
                bounds[2 * spans + 1] = key + 1;
                spans++;
            }
            rowStart[row + 1] = spans;
        }
        return new Sparse(queries, keys, rowStart, Arrays.copyOf(bounds, 2 * spans));
    }

    private int seen(int position) {
        return Math.min(count, position / dilation + 1);
    }
}
