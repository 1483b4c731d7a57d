package dev.kiln.testkit;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.Arrays;

/**
 * Floats as doubles, ids as ints; fresh memory is poisoned so that reading it shows. Kernels leave a
 * BFLOAT16 tensor's elements exact, and {@link #round} them at their end.
 */
final class ReferenceTensor implements Tensor {
    /** What a fresh INT32 tensor holds: no valid id. */
    static final int POISON = Integer.MIN_VALUE;

    private final DType type;
    private final Shape shape;
    private final double[] reals;
    private final int[] ids;
    private boolean alive = true;

    ReferenceTensor(DType type, Shape shape) {
        int size = Math.toIntExact(shape.size());
        this.type = type;
        this.shape = shape;
        this.reals = new double[type == DType.INT32 ? 0 : size];
        this.ids = new int[type == DType.INT32 ? size : 0];
        Arrays.fill(reals, Double.NaN);
        Arrays.fill(ids, POISON);
    }

    @Override
    public DType type() {
        return type;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    /** The elements of a float tensor, not copied. */
    double[] reals() {
        return reals;
    }

    /** Rounds what a kernel stored; FLOAT32 stays as it is, so that finite differences work. */
    void round() {
        if (type == DType.BFLOAT16) {
            Arrays.setAll(reals, i -> Bfloat16.nearest(reals[i]));
        }
    }

    /** The elements of an INT32 tensor, not copied. */
    int[] ids() {
        return ids;
    }

    boolean alive() {
        return alive;
    }

    void die() {
        alive = false;
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
