package dev.kiln.plugins.samplers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class GreedyTest {
    private static final float OUT = Float.NEGATIVE_INFINITY;

    @Test
    void takesTheHighestLogitAndOfEqualsTheFirst() {
        assertEquals(2, next(-3, -2, -1));
        assertEquals(1, next(OUT, 5, 5));
    }

    @Test
    void noNumberIsNoToken() {
        assertThrows(IllegalArgumentException.class, () -> next(OUT, Float.NaN));
    }

    private static int next(float... logits) {
        return Greedy.GREEDY.next(logits, new int[0], 0, 1);
    }
}
