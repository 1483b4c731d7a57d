package dev.kiln.platform.evaluation;

/**
 * A figure of some of a task's examples.
 *
 * @param name as reports have it
 */
record Measure(String name, OfExamples figure) {

    /** Finds the figure of a sample; an example may be in it more than once. */
    @FunctionalInterface
    interface OfExamples {
        /** @param indices of examples, at least one */
        double of(int[] indices);
    }

    /** The mean of a value that each example has. */
    static Measure mean(String name, double[] values) {
        return new Measure(name, indices -> Statistics.sum(values, indices) / indices.length);
    }

    static Measure share(String name, boolean[] holds) {
        double[] values = new double[holds.length];
        for (int i = 0; i < holds.length; i++) {
            values[i] = holds[i] ? 1 : 0;
        }
        return mean(name, values);
    }

    /** e to the negative log-likelihood of all examples by a unit of which they have some. */
    static Measure perplexity(String unit, double[] logLikelihoods, double[] units) {
        return new Measure(
                "perplexity/" + unit,
                indices ->
                        Math.exp(
                                -Statistics.sum(logLikelihoods, indices)
                                        / Statistics.sum(units, indices)));
    }
}
