package dev.kiln.distribution.fidelity;

/**
 * A measured figure and the most that it may be.
 *
 * @param what such as {@code logits} or {@code gradient.wte.weight}
 */
record Row(String what, double measured, double bar) {

    /** Not when the figure is NaN. */
    boolean holds() {
        return measured <= bar;
    }

    /** The largest difference of two elements. */
    static Row difference(String what, float[] expected, float[] actual, double bar) {
        return new Row(what, maxDifference(expected, actual), bar);
    }

    /** The length of the difference in lengths of what is expected. */
    static Row relative(String what, float[] expected, float[] actual, double bar) {
        double difference = 0;
        double length = 0;
        sameLength(what, expected, actual);
        for (int i = 0; i < expected.length; i++) {
            double delta = (double) expected[i] - actual[i];
            difference += delta * delta;
            length += (double) expected[i] * expected[i];
        }
        return new Row(what, Math.sqrt(difference / length), bar);
    }

    /** How many ids differ; none may. */
    static Row ids(String what, int[] expected, int[] actual) {
        if (expected.length != actual.length) {
            throw new IllegalArgumentException(what + ": not of one length");
        }
        int wrong = 0;
        for (int i = 0; i < expected.length; i++) {
            wrong += expected[i] == actual[i] ? 0 : 1;
        }
        return new Row(what, wrong, 0);
    }

    private static double maxDifference(float[] expected, float[] actual) {
        sameLength("difference", expected, actual);
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            // Math.max keeps a NaN.
            largest = Math.max(largest, Math.abs((double) expected[i] - actual[i]));
        }
        return largest;
    }

    private static void sameLength(String what, float[] expected, float[] actual) {
        if (expected.length != actual.length) {
            throw new IllegalArgumentException(
                    what + ": expected " + expected.length + " elements, got " + actual.length);
        }
    }
}
