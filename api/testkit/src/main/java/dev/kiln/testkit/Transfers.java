package dev.kiln.testkit;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Between segments of floats or ints and the doubles and ints that are kept. */
final class Transfers {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private Transfers() {}

    static void upload(Tensor out, MemorySegment source) {
        ReferenceTensor to = Operands.living("upload", out);
        checkBytes("upload", to, source);
        for (int i = 0; i < to.ids().length; i++) {
            to.ids()[i] = source.get(INT, 4L * i);
        }
        for (int i = 0; i < to.reals().length; i++) {
            to.reals()[i] = Elementwise.rounded(source.get(FLOAT, 4L * i), to.type());
        }
    }

    static void download(MemorySegment out, Tensor source) {
        ReferenceTensor from = Operands.living("download", source);
        checkBytes("download", from, out);
        for (int i = 0; i < from.ids().length; i++) {
            out.set(INT, 4L * i, from.ids()[i]);
        }
        for (int i = 0; i < from.reals().length; i++) {
            out.set(FLOAT, 4L * i, (float) from.reals()[i]);
        }
    }

    /** Of either type, as doubles. */
    static double[] values(Tensor source) {
        ReferenceTensor from = Operands.living("values", source);
        double[] values = from.reals().clone();
        if (from.type() == DType.INT32) {
            values = Arrays.stream(from.ids()).asDoubleStream().toArray();
        }
        return values;
    }

    static void set(Tensor out, double... values) {
        ReferenceTensor to = Operands.living("set", out);
        Operands.require(
                values.length == to.shape().size(),
                "set",
                "expected " + to.shape().size() + " values, got " + values.length);
        for (int i = 0; i < to.ids().length; i++) {
            to.ids()[i] = (int) values[i];
        }
        for (int i = 0; i < to.reals().length; i++) {
            to.reals()[i] = Elementwise.rounded(values[i], to.type());
        }
    }

    /** Both float types travel as FLOAT32. */
    private static void checkBytes(String kernel, Tensor tensor, MemorySegment segment) {
        Operands.require(
                segment.byteSize() >= 4 * tensor.shape().size(),
                kernel,
                tensor
                        + " needs "
                        + 4 * tensor.shape().size()
                        + " bytes, the segment has "
                        + segment.byteSize());
    }
}
