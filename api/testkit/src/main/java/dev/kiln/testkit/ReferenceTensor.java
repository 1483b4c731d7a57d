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
    /** What a fresh tensor of whole numbers holds: no valid id. */
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
        boolean whole = type == DType.INT32 || type == DType.UINT8;
        this.reals = new double[whole ? 0 : size];
        this.ids = new int[whole ? size : 0];
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

    /** The elements of an INT32 or UINT8 tensor, not copied. */
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
