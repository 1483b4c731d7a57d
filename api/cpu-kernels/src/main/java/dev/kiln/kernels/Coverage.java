package dev.kiln.kernels;

/**
 * How many spans lie over each key, for some spans at a time. Only where spans begin or end is
 * anything written or read, so that the cost follows the spans.
 */
final class Coverage {
    private final int[] change;
    private final long[] below;
    private final long[] marked;
    private int firstWord = Integer.MAX_VALUE;
    private int lastWord = -1;

    Coverage(int keys) {
        change = new int[keys + 1];
        below = new long[keys + 1];
        marked = new long[keys / 64 + 1];
    }

    void add(int from, int to) {
        mark(from);
        mark(to);
        change[from]++;
        change[to]--;
    }

    private void mark(int key) {
        int word = key / 64;
        marked[word] |= 1L << key;
        firstWord = Math.min(firstWord, word);
        lastWord = Math.max(lastWord, word);
    }

    /** Lists the stretches of covered keys. */
    void stretches(IntList begins, IntList ends) {
        int depth = 0;
        for (int key = next(0); key >= 0; key = next(key + 1)) {
            int before = depth;
            depth += change[key];
            if (before == 0 && depth > 0) {
                begins.add(key);
            } else if (before > 0 && depth == 0) {
                ends.add(key);
            }
        }
    }

    /** Counts (span, key) pairs, for {@link #mean}. */
    void count() {
        long pairs = 0;
        int depth = 0;
        int last = 0;
        for (int key = next(0); key >= 0; key = next(key + 1)) {
            pairs += (long) depth * (key - last);
            depth += change[key];
            last = key;
            below[key] = pairs;
        }
    }

    /** How many spans lie over a key of an added span, on average. */
    double mean(int from, int to) {
        return (double) (below[to] - below[from]) / (to - from);
    }

    void clear() {
        for (int key = next(0); key >= 0; key = next(key + 1)) {
            change[key] = 0;
        }
        for (int word = firstWord; word <= lastWord; word++) {
            marked[word] = 0;
        }
        firstWord = Integer.MAX_VALUE;
        lastWord = -1;
    }

    private int next(int key) {
        int word = Math.max(key / 64, firstWord);
        if (word > lastWord) {
            return -1;
        }
        long rest = marked[word] & (word == key / 64 ? -1L << key : -1L);
        while (rest == 0) {
            if (++word > lastWord) {
                return -1;
            }
            rest = marked[word];
        }
        return 64 * word + Long.numberOfTrailingZeros(rest);
    }
}
