package dev.kiln.testkit;

import static dev.kiln.spi.backend.WeightFormat.BLOCK;

import dev.kiln.spi.backend.FrozenWeight;
import java.lang.foreign.ValueLayout;

/** The values of a frozen weight, one after the other, straight from how its elements are stored. */
final class FrozenElements {
    private static final int ZERO_OF_INT4 = 8;

    private FrozenElements() {}

    static void decode(double[] out, FrozenWeight from) {
        int rows = from.shape().rows();
        int columns = from.shape().columns();
        int summed = from.table() ? columns : rows;
        require(from, "elements", from.elements().byteSize(), elementBytes(from, rows, columns));
        require(from, "scales", from.scales().byteSize(), scaleBytes(from, rows, columns, summed));
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                out[row * columns + column] = value(from, row, column);
            }
        }
    }

    private static long elementBytes(FrozenWeight from, int rows, int columns) {
        long elements = (long) rows * columns;
        return switch (from.format()) {
            case FLOAT32 -> 4 * elements;
            case BFLOAT16 -> 2 * elements;
            case INT8 -> elements;
            case INT4 ->
                    from.table()
                            ? (long) rows * ((columns + 1) / 2)
                            : (long) columns * ((rows + 1) / 2);
        };
    }

    private static long scaleBytes(FrozenWeight from, int rows, int columns, int summed) {
        long blocks = (summed + BLOCK - 1) / BLOCK;
        return from.format().scaled() ? 4 * blocks * (from.table() ? rows : columns) : 0;
    }

    private static void require(FrozenWeight from, String what, long bytes, long expected) {
        Operands.require(
                bytes == expected,
                "frozen",
                from.name() + " has " + bytes + " bytes of " + what + ", expected " + expected);
    }

    private static double value(FrozenWeight from, int row, int column) {
        long at = (long) row * from.shape().columns() + column;
        return switch (from.format()) {
            case FLOAT32 -> from.elements().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * at);
            case BFLOAT16 ->
                    Bfloat16.widen(from.elements().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * at));
            case INT8 -> scale(from, row, column) * from.elements().get(ValueLayout.JAVA_BYTE, at);
            case INT4 -> scale(from, row, column) * (half(from, row, column) - ZERO_OF_INT4);
        };
    }

    /** One of the two numbers in a byte. */
    private static int half(FrozenWeight from, int row, int column) {
        int columns = from.shape().columns();
        int index = from.table() ? column : row;
        long at =
                from.table()
                        ? (long) row * ((columns + 1) / 2) + column / 2
                        : (long) (row / 2) * columns + column;
        int both = from.elements().get(ValueLayout.JAVA_BYTE, at);
        return (index % 2 == 0 ? both : both >> 4) & 15;
    }

    private static double scale(FrozenWeight from, int row, int column) {
        int columns = from.shape().columns();
        int blocks = (columns + BLOCK - 1) / BLOCK;
        long at =
                from.table()
                        ? (long) row * blocks + column / BLOCK
                        : (long) (row / BLOCK) * columns + column;
        return from.scales().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * at);
    }
}
