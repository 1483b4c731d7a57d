package dev.kiln.testkit;

/** One head's keys or values of one sequence: position p begins at {@code first + p stride}. */
record HeadVectors(double[] from, int first, int stride, int size) {
    int at(int position) {
        return first + position * stride;
    }

    /** scale · (vector · this[j]) for each visible j. */
    double[] scores(double[] vector, int start, int[] visible, double scale) {
        double[] scores = new double[visible.length];
        for (int v = 0; v < visible.length; v++) {
            double sum = 0;
            for (int c = 0; c < size; c++) {
                sum += vector[start + c] * from[at(visible[v]) + c];
            }
            scores[v] = scale * sum;
        }
        return scores;
    }

    /** out = Σ weights[v] · this[visible[v]]. */
    void weightedSum(double[] out, int start, double[] weights, int[] visible) {
        for (int c = 0; c < size; c++) {
            double sum = 0;
            for (int v = 0; v < visible.length; v++) {
                sum += weights[v] * from[at(visible[v]) + c];
            }
            out[start + c] = sum;
        }
    }
}
