package dev.kiln.plugins.listeners;

/**
 * A curve of any length in bounded memory: when there is no more room, neighbours are merged to
 * their mean, and from then on twice as many values make a point.
 */
final class Series {
    /** Points at most; a picture has hardly more columns. */
    static final int CAPACITY = 2048;

    private final double[] x = new double[CAPACITY];
    private final double[] y = new double[CAPACITY];
    private int size;
    private int valuesPerPoint = 1;
    private int pending;
    private double sumX;
    private double sumY;
    private double last = Double.NaN;

    /** Adds a value; one that is not finite is left out. */
    void add(double atX, double value) {
        if (!Double.isFinite(value)) {
            return;
        }
        last = value;
        sumX += atX;
        sumY += value;
        if (++pending == valuesPerPoint) {
            x[size] = sumX / pending;
            y[size++] = sumY / pending;
            pending = 0;
            sumX = 0;
            sumY = 0;
            if (size == CAPACITY) {
                merge();
            }
        }
    }

    private void merge() {
        size /= 2;
        for (int i = 0; i < size; i++) {
            x[i] = (x[2 * i] + x[2 * i + 1]) / 2;
            y[i] = (y[2 * i] + y[2 * i + 1]) / 2;
        }
        valuesPerPoint *= 2;
    }

    int size() {
        return size;
    }

    double x(int point) {
        return x[point];
    }

    double y(int point) {
        return y[point];
    }

    /** The last value as it was given; NaN before the first. */
    double last() {
        return last;
    }

    /**
     * The mean around a point, over 1/20 of the curve. It narrows towards the start, where a loss
     * falls steeply, but not towards the end, where the last value is read.
     */
    double smoothed(int point) {
        int reach = Math.min(Math.max(1, size / 40), point);
        int end = Math.min(point + reach, size - 1);
        double sum = 0;
        for (int i = point - reach; i <= end; i++) {
            sum += y[i];
        }
        return sum / (end - point + reach + 1);
    }
}
