package dev.kiln.platform.training.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.training.Sources;
import dev.kiln.spi.data.Order;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsTest {
    private static final int LENGTH = 4;

    private static Windows windows(int tokens, Order order) {
        return new Windows(Sources.counting(tokens), LENGTH, order, 99);
    }

    private static int[] at(Windows windows, long position) {
        int[] window = new int[LENGTH + 1];
        windows.copy(position, window, 0);
        return window;
    }

    @Test
    void inSequenceWindowsFollowEachOtherAndBeginAgain() {
        Windows windows = windows(11, Order.SEQUENTIAL);
        assertArrayEquals(new int[] {0, 1, 2, 3, 4}, at(windows, 0));
        assertArrayEquals(new int[] {4, 5, 6, 7, 8}, at(windows, 1));
        assertArrayEquals(new int[] {0, 1, 2, 3, 4}, at(windows, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 8, 9, 10, 101, 1002})
    void anEpochVisitsWindowsThatDoNotOverlapEachOnce(int tokens) {
        Windows windows = windows(tokens, Order.SHUFFLED);
        for (int epoch = 0; epoch < 5; epoch++) {
            Set<Integer> seen = new HashSet<>();
            for (long i = 0; i < windows.perEpoch(); i++) {
                int[] window = at(windows, epoch * windows.perEpoch() + i);
                for (int t = 0; t < LENGTH; t++) {
                    assertEquals(window[0] + t + 1, window[t + 1]);
                    assertTrue(seen.add(window[t]), "token " + window[t] + " twice in an epoch");
                }
            }
        }
    }

    @Test
    void overTheEpochsEveryTokenIsATargetOnceInAWhile() {
        Windows windows = windows(102, Order.SHUFFLED);
        Set<Integer> targets = new HashSet<>();
        for (long position = 0; position < 40 * windows.perEpoch(); position++) {
            int[] window = at(windows, position);
            IntStream.rangeClosed(1, LENGTH).forEach(t -> targets.add(window[t]));
        }
        assertEquals(101, targets.size(), "all but the first");
    }

    @Test
    void epochsDifferInOrderAndOffset() {
        Windows windows = windows(1002, Order.SHUFFLED);
        Set<Integer> offsets = new HashSet<>();
        for (int epoch = 0; epoch < 20; epoch++) {
            offsets.add(at(windows, epoch * windows.perEpoch())[0] % LENGTH);
        }
        assertEquals(LENGTH, offsets.size());
        assertNotEquals(at(windows, 0)[0], at(windows, windows.perEpoch())[0]);
    }

    @Test
    void aWindowDependsOnSeedAndPositionOnly() {
        Windows forward = windows(102, Order.SHUFFLED);
        Windows backward = windows(102, Order.SHUFFLED);
        int count = (int) (3 * forward.perEpoch());
        int[][] seen =
                IntStream.range(0, count).mapToObj(i -> at(forward, i)).toArray(int[][]::new);
        for (int i = count - 1; i >= 0; i--) {
            assertArrayEquals(seen[i], at(backward, i));
        }
    }
}
