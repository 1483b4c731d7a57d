package dev.kiln.platform.storage;

/**
 * How far values are from those that they stand for. Immutable.
 *
 * @param squaredError the sum of the squares of the differences
 * @param squares the sum of the squares of the originals
 */
public record Deviation(double squaredError, double squares) {
    public static final Deviation NONE = new Deviation(0, 0);

    /** Both together. */
    public Deviation plus(Deviation other) {
        return new Deviation(squaredError + other.squaredError, squares + other.squares);
    }

    /** That of the first values of two arrays. */
    static Deviation of(float[] originals, float[] values, int count) {
        double squaredError = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double error = (double) values[i] - originals[i];
            squaredError += error * error;
            squares += (double) originals[i] * originals[i];
        }
        return new Deviation(squaredError, squares);
    }

    /** The root of the mean square of the differences over that of the originals; 0 of zeros. */
    public double relative() {
        return squares == 0 ? 0 : Math.sqrt(squaredError / squares);
    }
}
