package dev.kiln.plugins.samplers;

/** Exponentials of a whole vocabulary, which is what drawing a token costs. */
final class Exponentials {
    /** Of less, the exponential is 0 as a float. */
    private static final double LEAST = -105;

    private static final int HALVINGS = 7;

    private Exponentials() {}

    /**
     * x = exp((x - highest) / temperature), with a relative error below 1e-7 where that is above
     * 1e-12. Halves the exponent until a short Taylor series is exact enough, and squares the result
     * as often: without a table and without a look at bits, so that the compiler makes vectors of it.
     *
     * @param highest of the values, so that no exponent is above 0
     * @param temperature above 0
     */
    static void replace(float[] x, float highest, double temperature) {
        double factor = Math.min(1 / temperature, Double.MAX_VALUE);
        double halved = 1.0 / (1 << HALVINGS);
        for (int i = 0; i < x.length; i++) {
            double t = Math.max((x[i] - highest) * factor, LEAST) * halved;
            double high = 1 / 24.0 + t * (1 / 120.0 + t * (1 / 720.0 + t * (1 / 5040.0)));
            double e = 1 + t * (1 + t * (1 / 2.0 + t * (1 / 6.0 + t * high)));
            e *= e;
            e *= e;
            e *= e;
            e *= e;
            e *= e;
            e *= e;
            e *= e;
            x[i] = (float) e;
        }
    }
}
