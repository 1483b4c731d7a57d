package dev.kiln.spi.attention;

import dev.kiln.spi.Stable;

/**
 * The query itself and the {@code window - 1} keys before it: the locally banded attention of GPT-3
 * (Brown et al., 2020, section 2.1).
 */
@Stable
public record Banded(int queries, int keys, int window) implements AttentionLayout {
    public Banded {
        AttentionLayout.check(queries, keys);
        if (window < 1) {
            throw new IllegalArgumentException("expected window >= 1, got " + window);
        }
    }

    @Override
    public int spans(int row) {
        return 1;
    }

    @Override
    public int from(int row, int span) {
        return Math.max(0, position(row) + 1 - window);
    }

    @Override
    public int to(int row, int span) {
        return position(row) + 1;
    }
}
