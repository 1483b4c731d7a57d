package dev.kiln.platform.training.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Randomness;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsTest {

    private static int[] first(int count, Turns turns) {
        return IntStream.range(0, count).map(turns::at).toArray();
    }

    private static double[] shares(int parts, long seed) {
        double[] shares = new double[parts];
        for (int i = 0; i < parts; i++) {
            // Some are a thousand times as large as others.
            shares[i] = Math.pow(1000, Randomness.uniform(seed, i));
        }
        double sum = Arrays.stream(shares).sum();
        return Arrays.stream(shares).map(share -> share / sum).toArray();
    }

    @Test
    void turnsAreSpreadEvenly() {
        assertArrayEquals(new int[] {0, 1, 0, 1}, first(4, new Turns(0.5, 0.5)));
        assertArrayEquals(new int[] {0, 0, 1, 0, 0, 0, 1, 0}, first(8, new Turns(0.75, 0.25)));
    }

    @Test
    void theOnlyOneHasEveryTurn() {
        Turns turns = new Turns(1);
        assertArrayEquals(new int[5], first(5, turns));
        assertEquals(5, turns.taken(0));
    }

    /** The bound is Tijdeman's theorem. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 17})
    void nobodyIsEverFurtherFromItsShareThanTijdemansBound(int parts) {
        double bound = 1 - 1.0 / (2 * parts - 2);
        for (long seed = 0; seed < 20; seed++) {
            double[] shares = shares(parts, seed);
            Turns turns = new Turns(shares);
            for (int n = 1; n <= 5000; n++) {
                turns.at(n - 1);
                for (int i = 0; i < parts; i++) {
                    double off = Math.abs(turns.taken(i) - shares[i] * n);
                    assertTrue(off <= bound + 1e-6, "part " + i + " after " + n + ": " + off);
                }
            }
        }
    }

    @Test
    void aTurnDependsOnItsPositionOnly() {
        Turns forward = new Turns(shares(5, 1));
        int[] seen = first(200, forward);
        Turns other = new Turns(shares(5, 1));
        for (int i = 199; i >= 0; i -= 7) {
            assertEquals(seen[i], other.at(i));
            int part = seen[i];
            assertEquals(
                    IntStream.rangeClosed(0, i).filter(n -> seen[n] == part).count(),
                    other.taken(part));
        }
    }
}
