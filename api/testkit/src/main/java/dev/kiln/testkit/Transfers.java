package dev.kiln.testkit;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;

/** Between segments of elements as they are stored and the doubles and ints that are kept. */
final class Transfers {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private Transfers() {}

    static void upload(Tensor out, MemorySegment source) {
        ReferenceTensor to = Operands.living("upload", out);
        checkBytes("upload", to, source);
        for (int i = 0; i < to.shape().size(); i++) {
            switch (to.type()) {
                case FLOAT32 -> to.reals()[i] = source.get(FLOAT, 4L * i);
                case BFLOAT16 -> to.reals()[i] = Bfloat16.widen(source.get(SHORT, 2L * i));
                case INT32 -> to.ids()[i] = source.get(INT, 4L * i);
                case UINT8 -> to.ids()[i] = source.get(ValueLayout.JAVA_BYTE, i) & 0xff;
            }
        }
    }

    static void download(MemorySegment out, Tensor source) {
        ReferenceTensor from = Operands.living("download", source);
        checkBytes("download", from, out);
        for (int i = 0; i < from.shape().size(); i++) {
            switch (from.type()) {
                case FLOAT32 -> out.set(FLOAT, 4L * i, (float) from.reals()[i]);
                case BFLOAT16 -> out.set(SHORT, 2L * i, Bfloat16.narrow(from.reals()[i]));
                case INT32 -> out.set(INT, 4L * i, from.ids()[i]);
                case UINT8 -> out.set(ValueLayout.JAVA_BYTE, i, (byte) from.ids()[i]);
            }
        }
    }

    /** Of either type, as doubles. */
    static double[] values(Tensor source) {
        ReferenceTensor from = Operands.living("values", source);
        double[] values = from.reals().clone();
        if (from.type() == DType.INT32 || from.type() == DType.UINT8) {
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
        System.arraycopy(values, 0, to.reals(), 0, to.reals().length);
        to.round();
    }

    private static void checkBytes(String kernel, Tensor tensor, MemorySegment segment) {
        long needed = tensor.type().bytes() * tensor.shape().size();
        Operands.require(
                segment.byteSize() >= needed,
                kernel,
                String.format(
                        Locale.ROOT,
                        "%s needs %d bytes, the segment has %d",
                        tensor,
                        needed,
                        segment.byteSize()));
    }
}
