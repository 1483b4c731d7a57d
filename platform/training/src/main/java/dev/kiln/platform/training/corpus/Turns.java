package dev.kiln.platform.training.corpus;

import java.util.Arrays;

/**
 * Whose turn it is, when several take turns by their shares: a pure function of position. After any
 * n turns, everyone of k has had {@code share · n} of them but for at most {@code 1 - 1 / (2k - 2)},
 * the least that is possible: of those who are due, the one goes first who would be late first
 * (Tijdeman, 1980, "The chairman assignment problem"). Used by one thread.
 */
final class Turns {
    /** What rounding may take from somebody who is just due. */
    private static final double ROUNDING = 1e-6;

    private final double[] shares;
    private final double least;
    private final long[] taken;
    private long next;
    private int last;

    /**
     * @param shares each greater than 0; they add to 1
     */
    Turns(double... shares) {
        this.shares = shares.clone();
        least = shares.length == 1 ? 0 : 1.0 / (2 * shares.length - 2);
        taken = new long[shares.length];
    }

    /** Whose turn a position is, from 0 on. Going back begins at 0 again. */
    int at(long position) {
        if (position < next - 1) {
            Arrays.fill(taken, 0);
            next = 0;
        }
        while (next <= position) {
            last = choose();
            taken[last]++;
            next++;
        }
        return last;
    }

    /** How many turns one has had, the last position that was asked for included. */
    long taken(int index) {
        return taken[index];
    }

    private int choose() {
        int chosen = -1;
        double soonest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < shares.length; i++) {
            double due = shares[i] * (next + 1) - taken[i];
            double late = (1 - least - due) / shares[i];
            if (due >= least - ROUNDING && late < soonest) {
                chosen = i;
                soonest = late;
            }
        }
        return chosen;
    }
}
