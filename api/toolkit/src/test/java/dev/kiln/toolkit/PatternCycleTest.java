package dev.kiln.toolkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatternCycleTest {
    private static final AttentionPattern DENSE =
            (layer, queries, keys) -> new Causal(queries, keys);
    private static final AttentionPattern BAND =
            (layer, queries, keys) -> new Banded(queries, keys, 4);

    @Test
    void patternsTakeTurnsFromLayerToLayer() {
        PatternCycle cycle = new PatternCycle(List.of(DENSE, BAND));
        assertEquals(new Causal(8, 8), cycle.layout(0, 8, 8));
        assertEquals(new Banded(8, 8, 4), cycle.layout(1, 8, 8));
        assertEquals(new Causal(8, 8), cycle.layout(2, 8, 8));
        assertEquals(new Banded(1, 8, 4), cycle.layout(7, 1, 8));
    }

    @Test
    void aCycleOfNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new PatternCycle(List.of()));
    }
}
