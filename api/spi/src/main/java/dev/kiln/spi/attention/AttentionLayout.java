package dev.kiln.spi.attention;

import dev.kiln.spi.Stable;

/**
 * The visible keys of each query as sorted, disjoint, non-empty spans. Row i, in [0, queries), is
 * position {@code keys - queries + i}. A closed set, so that a backend can specialise; any layout
 * can be read through {@link #spans}, {@link #from} and {@link #to}. Immutable and thread-safe.
 */
@Stable
public sealed interface AttentionLayout permits Causal, Banded, Sparse {
    /** Number of query positions, at least 1. */
    int queries();

    /** Number of key positions, at least {@link #queries}. */
    int keys();

    /** Number of spans of a row, at least 1. */
    int spans(int row);

    /** First visible key of a span. */
    int from(int row, int span);

    /** One past the last visible key of a span. The last span of a row ends at the row's position + 1. */
    int to(int row, int span);

    /** Number of (query, key) pairs: what time and memory should follow. */
    default long visible() {
        long visible = 0;
        for (int row = 0; row < queries(); row++) {
            for (int span = 0; span < spans(row); span++) {
                visible += to(row, span) - from(row, span);
            }
        }
        return visible;
    }

    /** The position that a row stands for. */
    default int position(int row) {
        return keys() - queries() + row;
    }

    /** Checks the two lengths that every layout has. */
    static void check(int queries, int keys) {
        if (queries < 1 || keys < queries) {
            throw new IllegalArgumentException(
                    "expected 1 <= queries <= keys, got queries=" + queries + ", keys=" + keys);
        }
    }
}
