package dev.kiln.spi.attention;

import dev.kiln.spi.Stable;

/** Every key up to the query itself. */
@Stable
public record Causal(int queries, int keys) implements AttentionLayout {
    public Causal {
        AttentionLayout.check(queries, keys);
    }

    @Override
    public int spans(int row) {
        return 1;
    }

    @Override
    public int from(int row, int span) {
        return 0;
    }

    @Override
    public int to(int row, int span) {
        return position(row) + 1;
    }
}
