package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/**
 * Inverted dropout from a counter-based generator. Element {@code i} is kept, and divided by {@code
 * 1 - rate}, when {@code Randomness.bits32(key, i)} as unsigned is at least {@code
 * Randomness.dropThreshold(rate)}; else it is 0.
 *
 * @param rate probability to drop, in [0, 1); 0 draws nothing
 * @param key tells this place and step from all others; see {@link dev.kiln.spi.Randomness#key}
 */
@Stable
public record Dropout(double rate, long key) {
    public static final Dropout NONE = new Dropout(0, 0);

    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("expected a dropout rate in [0, 1), got " + rate);
        }
    }

    public boolean active() {
        return rate > 0;
    }
}
