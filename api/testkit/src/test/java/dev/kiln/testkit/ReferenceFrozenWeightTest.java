package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Decoding by the oracle, against values worked out by hand from {@link WeightFormat}. */
class ReferenceFrozenWeightTest {
    private final Workbench bench = new Workbench();

    private double[] rows(FrozenWeight content, int... ids) {
        Weight table = bench.backend().frozen(bench.scope(), content);
        Tensor out =
                bench.scope()
                        .allocate(DType.FLOAT32, Shape.of(ids.length, content.shape().columns()));
        bench.backend().embedding(out, table, bench.ids(ids, ids.length));
        return bench.values(out);
    }

    private double[] product(FrozenWeight content, float... x) {
        Weight weight = bench.backend().frozen(bench.scope(), content);
        Tensor out = bench.scope().allocate(DType.FLOAT32, Shape.of(1, content.shape().columns()));
        bench.backend().linear(out, bench.floats(x, 1, x.length), weight);
        return bench.values(out);
    }

    private static FrozenWeight content(
            WeightFormat format, boolean table, Shape shape, byte[] elements, float... scales) {
        return new FrozenWeight(
                "w",
                shape,
                format,
                table,
                MemorySegment.ofArray(elements),
                format.scaled() ? MemorySegment.ofArray(scales) : MemorySegment.NULL);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void halvesOfInt4RunDownTheColumnsOfAWeight() {
        // column 0: q = 9, 15, 0; column 1: q = 8, 7, 10; scales 0.5 and -2
        byte[] elements = bytes(0xf9, 0x78, 0x80, 0x8a);
        FrozenWeight content =
                content(WeightFormat.INT4, false, Shape.of(3, 2), elements, 0.5f, -2f);
        // 0.5 (1·1 + 10·7 + 100·(-8)), -2 (1·0 + 10·(-1) + 100·2)
        assertArrayEquals(new double[] {-364.5, -380}, product(content, 1, 10, 100));
    }

    @Test
    void halvesOfInt4RunAlongTheRowsOfATable() {
        byte[] elements = bytes(0xf9, 0x80, 0x78, 0x8a);
        FrozenWeight content =
                content(WeightFormat.INT4, true, Shape.of(2, 3), elements, 0.5f, -2f);
        assertArrayEquals(new double[] {-0d, 2, -4, 0.5, 3.5, -4}, rows(content, 1, 0));
    }

    @Test
    void theThirtyThirdElementHasTheNextScale() {
        byte[] elements = new byte[2 * 33];
        Arrays.fill(elements, (byte) -127);
        FrozenWeight table =
                content(WeightFormat.INT8, true, Shape.of(2, 33), elements, 1, 2, 3, 4);
        double[] values = rows(table, 0, 1);
        assertEquals(-127, values[31]);
        assertEquals(-254, values[32]);
        assertEquals(-381, values[33]);
        assertEquals(-508, values[65]);
        FrozenWeight weight =
                content(WeightFormat.INT8, false, Shape.of(33, 2), elements, 1, 2, 3, 4);
        float[] x = new float[33];
        x[31] = 1;
        x[32] = 10;
        assertArrayEquals(new double[] {-127 - 3810, -254 - 5080}, product(weight, x));
    }

    @Test
    void floatsAreThere() {
        // bfloat16 0x3fc0 = 1.5, 0xc000 = -2, little-endian
        FrozenWeight narrow =
                content(WeightFormat.BFLOAT16, true, Shape.of(1, 2), bytes(0xc0, 0x3f, 0, 0xc0));
        assertArrayEquals(new double[] {1.5, -2}, rows(narrow, 0));
        FrozenWeight wide =
                content(WeightFormat.FLOAT32, true, Shape.of(1, 1), bytes(0, 0, 0xc0, 0x3f));
        assertArrayEquals(new double[] {1.5}, rows(wide, 0));
    }

    @Test
    void elementsOfAnotherSizeAreRefused() {
        FrozenWeight content =
                content(WeightFormat.INT4, false, Shape.of(3, 2), bytes(1, 2, 3), 1, 1);
        IllegalArgumentException thrown =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> bench.backend().frozen(bench.scope(), content));
        assertEquals("frozen: w has 3 bytes of elements, expected 4", thrown.getMessage());
    }
}
