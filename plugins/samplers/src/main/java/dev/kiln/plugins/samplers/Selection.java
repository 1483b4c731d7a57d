package dev.kiln.plugins.samplers;

/** Finds an order statistic in linear time on average (Hoare's quickselect, 1961). */
final class Selection {
    private Selection() {}

    /**
     * The k-th highest value.
     *
     * @param values reordered
     * @param k in [1, values.length]
     */
    static float kthHighest(float[] values, int k) {
        int left = 0;
        int right = values.length - 1;
        int wanted = k - 1;
        while (left < right) {
            float pivot = values[(left + right) >>> 1];
            int i = left;
            int j = right;
            while (i <= j) {
                while (values[i] > pivot) {
                    i++;
                }
                while (values[j] < pivot) {
                    j--;
                }
                if (i <= j) {
                    float swapped = values[i];
                    values[i++] = values[j];
                    values[j--] = swapped;
                }
            }
            // Now all in [left, j] are at least the pivot, all in [i, right] at most.
            if (wanted <= j) {
                right = j;
            } else if (wanted >= i) {
                left = i;
            } else {
                break;
            }
        }
        return values[wanted];
    }
}
