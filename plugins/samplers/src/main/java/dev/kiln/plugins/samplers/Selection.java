package dev.kiln.plugins.samplers;

import java.util.Arrays;

/** Finds where a falling order would be cut, without sorting. */
final class Selection {
    /** The last bit of each group of bits; 11, 11 and 10 of them. */
    private static final int[] SHIFTS = {21, 10, 0};

    private Selection() {}

    /**
     * The k-th highest value: the lowest in a heap of the k highest so far, which few values enter.
     *
     * @param k in [1, number of values]
     */
    static float ofCount(float[] values, int k) {
        float[] heap = Arrays.copyOf(values, k);
        for (int place = k / 2 - 1; place >= 0; place--) {
            sink(heap, place, heap[place]);
        }
        for (int i = k; i < values.length; i++) {
            if (values[i] > heap[0]) {
                sink(heap, 0, values[i]);
            }
        }
        return heap[0];
    }

    /** Puts a value at a place or below it, where no value is above those under it. */
    private static void sink(float[] heap, int place, float value) {
        int at = place;
        for (int child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
            if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= value) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = value;
    }

    /**
     * Where a falling order of weights is cut.
     *
     * @param lowest the last weight before the cut; of several that are equal, some may be behind it
     * @param above the sum of all that are above it
     */
    record Cut(float lowest, double above) {}

    /**
     * The shortest beginning of the falling order that adds up to enough. A radix selection: the
     * weights are added up by their leading bits, then those of the one group that is cut by their
     * next bits, and so on.
     *
     * @param weights 0 or above
     * @param enough above 0; where rounding keeps the sum of all below it, the lowest is 0
     */
    static Cut ofSum(float[] weights, int count, double enough) {
        double[] sums = new double[1 << 11];
        int prefix = 0;
        double above = 0;
        int known = 32;
        for (int shift : SHIFTS) {
            int group = (1 << (known - shift)) - 1;
            addUp(sums, weights, count, known, prefix, shift, group);
            while (group > 0 && above + sums[group] < enough) {
                above += sums[group--];
            }
            prefix = prefix << (known - shift) | group;
            known = shift;
        }
        return new Cut(Float.intBitsToFloat(prefix), above);
    }

    /** Sums by the bits from the shift on, of weights whose bits from the known one on are given. */
    private static void addUp(
            double[] sums, float[] weights, int count, int known, int prefix, int shift, int mask) {
        Arrays.fill(sums, 0);
        for (int i = 0; i < count; i++) {
            // Floats that are not negative have the order of their bits.
            int bits = Float.floatToRawIntBits(weights[i]);
            // Two shifts, because one of 32 bits would be one of none.
            if (bits >>> (known - 1) >>> 1 == prefix) {
                sums[bits >>> shift & mask] += weights[i];
            }
        }
    }
}
