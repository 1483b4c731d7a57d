package dev.kiln.platform.config;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.AttentionPattern;

/**
 * A pattern that says what it is and who brought it when it fails: the step that asks it knows neither.
 */
record LabelledPattern(String label, AttentionPattern pattern) implements AttentionPattern {

    @Override
    public AttentionLayout layout(int layer, int queries, int keys) {
        try {
            return pattern.layout(layer, queries, keys);
        } catch (InvalidInput e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    label
                            + " failed at layer "
                            + layer
                            + " for "
                            + queries
                            + " queries of "
                            + keys
                            + " keys: "
                            + e,
                    e);
        }
    }
}
