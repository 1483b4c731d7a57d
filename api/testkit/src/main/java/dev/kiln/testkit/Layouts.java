package dev.kiln.testkit;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.attention.Sparse;
import java.util.ArrayList;
import java.util.List;

/** Layouts of every kind to try kernels on. */
final class Layouts {
    private Layouts() {}

    /** For so many positions: causal, bands from 1 to past the end, sparse ones of every kind. */
    static List<AttentionLayout> of(int length) {
        List<AttentionLayout> layouts = new ArrayList<>();
        layouts.add(new Causal(length, length));
        for (int window : new int[] {1, 3, Math.max(1, length / 2), length, length + 5}) {
            layouts.add(new Banded(length, length, window));
        }
        layouts.add(sparse(length, length, 1));
        layouts.add(sparse(length, length, 2));
        layouts.add(strided(length, length, 17, 1));
        layouts.add(strided(length, length, 9, 12));
        return layouts;
    }

    /** What to call a layout in a message. */
    static String name(AttentionLayout layout) {
        return switch (layout) {
            case Causal causal -> "causal";
            case Banded banded -> "banded, window " + banded.window();
            case Sparse sparse -> "sparse, " + sparse.visible() + " pairs";
        };
    }

    /** Every stride-th key before the near ones, and the near ones. */
    static Sparse strided(int queries, int keys, int stride, int near) {
        int[] rowStart = new int[queries + 1];
        List<Integer> bounds = new ArrayList<>();
        for (int row = 0; row < queries; row++) {
            int position = keys - queries + row;
            int from = Math.max(0, position + 1 - near);
            for (int j = position % stride; j < from; j += stride) {
                bounds.addAll(List.of(j, j + 1));
            }
            bounds.addAll(List.of(from, position + 1));
            rowStart[row + 1] = bounds.size() / 2;
        }
        return sparse(queries, keys, rowStart, bounds);
    }

    /** Random visible keys, a function of the row's position; some rows see only themselves. */
    static Sparse sparse(int queries, int keys, long seed) {
        int[] rowStart = new int[queries + 1];
        List<Integer> bounds = new ArrayList<>();
        for (int row = 0; row < queries; row++) {
            addRow(bounds, keys - queries + row, seed);
            rowStart[row + 1] = bounds.size() / 2;
        }
        return sparse(queries, keys, rowStart, bounds);
    }

    private static Sparse sparse(int queries, int keys, int[] rowStart, List<Integer> bounds) {
        return new Sparse(
                queries, keys, rowStart, bounds.stream().mapToInt(Integer::intValue).toArray());
    }

    private static void addRow(List<Integer> bounds, int position, long seed) {
        long key = Randomness.key(seed, position);
        double density = position % 5 == 4 ? 0 : Randomness.uniform(key, -1);
        int from = -1;
        for (int j = 0; j <= position; j++) {
            // Runs of 4 keys, so that spans are longer than one key.
            boolean visible = j == position || Randomness.uniform(key, j / 4) < density;
            if (visible && from < 0) {
                from = j;
            } else if (!visible && from >= 0) {
                bounds.addAll(List.of(from, j));
                from = -1;
            }
        }
        bounds.addAll(List.of(from, position + 1));
    }
}
