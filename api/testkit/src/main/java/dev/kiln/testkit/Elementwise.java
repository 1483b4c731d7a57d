package dev.kiln.testkit;

import static dev.kiln.testkit.Operands.floats;
import static dev.kiln.testkit.Operands.same;
import static dev.kiln.testkit.Operands.sameShape;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Tensor;
import java.util.Arrays;
import java.util.Locale;

/** One element at a time. */
final class Elementwise {
    private Elementwise() {}

    static void fill(Tensor out, double value) {
        ReferenceTensor own = Operands.living("fill", out);
        switch (own.type()) {
            case FLOAT32, BFLOAT16 -> Arrays.fill(own.reals(), value);
            case INT32, UINT8 -> Arrays.fill(own.ids(), (int) value);
        }
    }

    static void copy(Tensor out, Tensor x) {
        Operands.sameType("copy", out, x);
        Operands.require(
                out.shape().size() == x.shape().size(),
                "copy",
                String.format(
                        Locale.ROOT, "expected one size, got %s and %s", out.shape(), x.shape()));
        double[] from = floats("copy", x);
        System.arraycopy(from, 0, floats("copy", out), 0, from.length);
    }

    static void cast(Tensor out, Tensor x) {
        sameShape("cast", out, x);
        double[] from = floats("cast", x);
        System.arraycopy(from, 0, floats("cast", out), 0, from.length);
    }

    static void add(Tensor out, Tensor a, Tensor b) {
        same("add", out, a, b);
        double[] o = floats("add", out);
        double[] x = floats("add", a);
        double[] y = floats("add", b);
        for (int i = 0; i < o.length; i++) {
            o[i] = x[i] + y[i];
        }
    }

    static void multiply(Tensor out, Tensor a, Tensor b) {
        same("multiply", out, a, b);
        double[] o = floats("multiply", out);
        double[] x = floats("multiply", a);
        double[] y = floats("multiply", b);
        for (int i = 0; i < o.length; i++) {
            o[i] = x[i] * y[i];
        }
    }

    static void scale(Tensor out, Tensor x, double factor) {
        same("scale", out, x);
        double[] o = floats("scale", out);
        double[] from = floats("scale", x);
        for (int i = 0; i < o.length; i++) {
            o[i] = factor * from[i];
        }
    }

    static void addScaled(Tensor out, Tensor x, double factor) {
        same("addScaled", out, x);
        double[] o = floats("addScaled", out);
        double[] from = floats("addScaled", x);
        for (int i = 0; i < o.length; i++) {
            o[i] = o[i] + factor * from[i];
        }
    }

    static void dropout(Tensor out, Tensor x, Dropout dropout) {
        same("dropout", out, x);
        double[] o = floats("dropout", out);
        double[] from = floats("dropout", x);
        for (int i = 0; i < o.length; i++) {
            o[i] = from[i] * kept(dropout, dropout.key(), i);
        }
    }

    /** What an element is multiplied by: 0, or 1 / (1 - rate). */
    static double kept(Dropout dropout, long key, int counter) {
        if (!dropout.active()) {
            return 1;
        }
        int threshold = Randomness.dropThreshold(dropout.rate());
        boolean keep = Integer.compareUnsigned(Randomness.bits32(key, counter), threshold) >= 0;
        return keep ? 1 / (1 - dropout.rate()) : 0;
    }
}
