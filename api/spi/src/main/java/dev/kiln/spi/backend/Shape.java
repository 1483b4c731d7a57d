package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;
import java.util.Arrays;

/**
 * The dimensions of a row-major tensor, slowest first; each at least 1. Kernels mostly see a tensor
 * as {@link #rows} × {@link #columns}. Immutable.
 */
@Stable
public final class Shape {
    private final int[] dimensions;

    private Shape(int[] dimensions) {
        this.dimensions = dimensions;
    }

    /**
     * @throws IllegalArgumentException when there is no dimension, or one is below 1
     */
    public static Shape of(int... dimensions) {
        if (dimensions.length == 0) {
            throw new IllegalArgumentException("not a shape: []");
        }
        for (int dimension : dimensions) {
            if (dimension < 1) {
                throw new IllegalArgumentException("not a shape: " + Arrays.toString(dimensions));
            }
        }
        return new Shape(dimensions.clone());
    }

    /** Number of dimensions, at least 1. */
    public int rank() {
        return dimensions.length;
    }

    /** A dimension; a negative index counts from the end. */
    public int dimension(int index) {
        return dimensions[index < 0 ? index + dimensions.length : index];
    }

    /** Number of elements. */
    public long size() {
        long size = 1;
        for (int dimension : dimensions) {
            size = Math.multiplyExact(size, dimension);
        }
        return size;
    }

    /** The product of all dimensions but the last. */
    public int rows() {
        int rows = 1;
        for (int i = 0; i < dimensions.length - 1; i++) {
            rows = Math.multiplyExact(rows, dimensions[i]);
        }
        return rows;
    }

    /** The last dimension. */
    public int columns() {
        return dimensions[dimensions.length - 1];
    }

    /** This shape with another last dimension. */
    public Shape withColumns(int columns) {
        int[] changed = dimensions.clone();
        changed[changed.length - 1] = columns;
        return of(changed);
    }

    /** All dimensions, as a copy. */
    public int[] toArray() {
        return dimensions.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    @Override
    public String toString() {
        return Arrays.toString(dimensions);
    }
}
