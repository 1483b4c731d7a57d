package dev.kiln.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class ExponentialsTest {
    private static final int COUNT = Lanes.padded(20000);

    private final Arena arena = Arena.ofAuto();

    /** Compared with Math.exp, which is within 1 ulp of a double. */
    @Test
    void theRelativeErrorStaysBelowTwoTenMillionths() {
        long x = arena.allocate(4L * COUNT, 64).address();
        for (int i = 0; i < COUNT; i++) {
            Lanes.set(x + 4L * i, -87 + 175f * i / COUNT);
        }
        long y = arena.allocate(4L * COUNT, 64).address();
        Exponentials.exp(y, x, COUNT, 0, 1);
        for (int i = 0; i < COUNT; i++) {
            double exact = Math.exp(Lanes.get(x + 4L * i));
            double error = Math.abs(Lanes.get(y + 4L * i) - exact) / exact;
            assertTrue(error < 2e-7, () -> "error " + error + " of " + exact);
        }
    }

    @Test
    void whatIsFarBelowBecomesZeroAndNaNStays() {
        assertEquals(0, exp(Float.NEGATIVE_INFINITY));
        assertEquals(0, exp(-1000));
        assertEquals(1, exp(0));
        assertTrue(exp(Float.POSITIVE_INFINITY) > 1e38);
        assertTrue(Float.isNaN(exp(Float.NaN)));
    }

    @Test
    void theSumIsThatOfAllElements() {
        long x = arena.allocate(4L * COUNT, 64).address();
        double sum = 0;
        for (int i = 0; i < COUNT; i++) {
            Lanes.set(x + 4L * i, (i % 100) / 50f);
            sum += Math.exp(2 * (i % 100) / 50f - 1);
        }
        assertEquals(1, Exponentials.exp(x, x, COUNT, 0.5f, 2) / sum, 1e-5);
    }

    private float exp(float x) {
        long place = arena.allocate(Lanes.BYTES, 64).address();
        ScoreRows.fill(place, 0, Lanes.COUNT, x);
        Exponentials.exp(place, place, Lanes.COUNT, 0, 1);
        return Lanes.get(place);
    }
}
