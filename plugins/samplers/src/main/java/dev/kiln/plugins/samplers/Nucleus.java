package dev.kiln.plugins.samplers;

/**
 * The smallest set of the most probable tokens whose probabilities sum to a given share, found
 * without sorting: a quickselect that carries weights, linear on average.
 */
final class Nucleus {
    private final long[] keys;
    private final double[] weights;

    private Nucleus(long[] keys, double[] weights) {
        this.keys = keys;
        this.weights = weights;
    }

    /** Sets the weights of all tokens outside of the nucleus to 0. */
    static void keep(double share, float[] logits, double[] weights) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        // All tokens below this weight have less than 1 - share together, so none is inside.
        int count = drop(weights, (1 - share) * total / weights.length);
        long[] keys = new long[count];
        double[] kept = new double[count];
        int next = 0;
        for (int id = 0; id < weights.length; id++) {
            if (weights[id] > 0) {
                keys[next] = key(logits[id], id);
                kept[next++] = weights[id];
            }
        }
        long last = new Nucleus(keys, kept).last(Math.max(share * total, Double.MIN_VALUE));
        for (int id = 0; id < weights.length; id++) {
            if (weights[id] > 0 && key(logits[id], id) < last) {
                weights[id] = 0;
            }
        }
    }

    /** Sets smaller weights to 0; returns how many others there are. */
    private static int drop(double[] weights, double least) {
        int count = 0;
        for (int id = 0; id < weights.length; id++) {
            if (weights[id] < least) {
                weights[id] = 0;
            } else if (weights[id] > 0) {
                count++;
            }
        }
        return count;
    }

    /** Orders tokens by logit, then by falling id; no two are equal. */
    private static long key(float logit, int id) {
        int bits = Float.floatToRawIntBits(logit);
        int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ((long) ordered << 32) | (~id & 0xffffffffL);
    }

    /** The lowest key of the shortest prefix, in falling order, whose weights reach a mass. */
    private long last(double mass) {
        int left = 0;
        int right = keys.length;
        double above = 0;
        while (left < right) {
            int middle = partition(left, right);
            double higher = 0;
            for (int i = left; i < middle; i++) {
                higher += weights[i];
            }
            if (above + higher >= mass) {
                right = middle;
            } else if (above + higher + weights[middle] >= mass) {
                return keys[middle];
            } else {
                above += higher + weights[middle];
                left = middle + 1;
            }
        }
        return Long.MIN_VALUE; // Rounding kept the sum below the mass: all of them are needed.
    }

    /** Puts a pivot where falling order wants it, higher ones before it; returns its place. */
    private int partition(int left, int right) {
        swap((left + right) >>> 1, right - 1);
        long pivot = keys[right - 1];
        int place = left;
        for (int i = left; i < right - 1; i++) {
            if (keys[i] > pivot) {
                swap(i, place++);
            }
        }
        swap(place, right - 1);
        return place;
    }

    private void swap(int i, int j) {
        long key = keys[i];
        keys[i] = keys[j];
        keys[j] = key;
        double weight = weights[i];
        weights[i] = weights[j];
        weights[j] = weight;
    }
}
