package dev.kiln.kernels;

import static dev.kiln.kernels.FrozenPanels.WIDTH;
import static dev.kiln.spi.backend.WeightFormat.BLOCK;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a panel holds behind its matrix: some processors' code multiplies it. */
class FrozenPanelsTest {
    private static final int ELEMENTS = BLOCK * WIDTH;

    /** Summed length and outputs: at an edge, one beyond it, odd. */
    private static final List<Shape> SHAPES =
            List.of(Shape.of(33, 67), Shape.of(1, 1), Shape.of(63, 64), Shape.of(95, 130));

    private final Workers workers = new Workers(1);
    private final BlockPool pool = new BlockPool(Memory.ofProcess(), 1L << 28);
    private final Arena arena = Arena.ofAuto();

    @ParameterizedTest
    @EnumSource
    void thePaddingOfAPanelDecodesToZero(WeightFormat format) {
        try (Scope scope = new CpuScope(pool, EnumSet.allOf(DType.class))) {
            for (Shape shape : SHAPES) {
                for (boolean table : new boolean[] {false, true}) {
                    FrozenPanels panels = new FrozenPanels(scope, weight(shape, format, table));
                    panels.pack(workers, pool);
                    assertPaddingIsZero(panels);
                }
            }
        }
    }

    @Test
    void thePaddingOfAMastersPanelsIsZero() {
        try (Scope scope = new CpuScope(pool, EnumSet.allOf(DType.class))) {
            for (Shape shape : SHAPES) {
                CpuTensor master = (CpuTensor) scope.allocate(DType.FLOAT32, shape);
                Lanes.segment(master.address(), 4 * shape.size()).fill((byte) 0x3f);
                PackedWeight packed = new PackedWeight(master, scope, workers, pool, true);
                for (boolean transposed : new boolean[] {false, true}) {
                    int inner = transposed ? shape.columns() : shape.rows();
                    int outputs = transposed ? shape.rows() : shape.columns();
                    long at = packed.factor(transposed).address();
                    for (int panel = 0; panel < Panels.count(outputs); panel++) {
                        for (int block = 0; block < Panels.padded(inner) / BLOCK; block++) {
                            assertPaddingIsZero(
                                    pairs(at),
                                    inner - block * BLOCK,
                                    outputs - panel * WIDTH,
                                    shape.toString());
                            at += 2 * ELEMENTS;
                        }
                    }
                }
            }
        }
    }

    /** Elements and scales that are nowhere zero, also where an odd length ends. */
    private FrozenWeight weight(Shape shape, WeightFormat format, boolean table) {
        Shape stored = table ? Shape.of(shape.columns(), shape.rows()) : shape;
        MemorySegment elements = arena.allocate(4L * (stored.size() + 64L * 130), 64);
        elements.fill((byte) 0x3f);
        MemorySegment scales = arena.allocate(4L * stored.size(), 64);
        for (int i = 0; i < stored.size(); i++) {
            scales.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1);
        }
        return new FrozenWeight("w", stored, format, table, elements, scales);
    }

    private void assertPaddingIsZero(FrozenPanels panels) {
        WeightFormat format = panels.format();
        long floats = arena.allocate(4L * ELEMENTS, 64).address();
        long pairs = arena.allocate(2L * ELEMENTS, 64).address();
        for (int panel = 0; panel < panels.count(); panel++) {
            for (int block = 0; block < panels.blocks(); block++) {
                int rows = panels.inner() - block * BLOCK;
                int columns = panels.outputs() - panel * WIDTH;
                long at = panels.panel(panel) + (long) block * FrozenPanels.blockBytes(format);
                PanelDecoding.block(floats, format, at);
                assertPaddingIsZero(
                        (row, column) -> Lanes.get(floats + 4L * (row * WIDTH + column)),
                        rows,
                        columns,
                        format + " " + panels.shape());
                if (format.scaled()) {
                    PanelDecoding.pairs(pairs, format, at);
                    assertPaddingIsZero(
                            pairs(pairs), rows, columns, format + " pairs " + panels.shape());
                }
            }
        }
    }

    /** An element of a decoded block. */
    private interface Decoded {
        float at(int row, int column);
    }

    private static Decoded pairs(long block) {
        return (row, column) ->
                Bfloat16.widen(
                        Lanes.getShort(block + 2L * (row / 2 * 2 * WIDTH + 2 * column + row % 2)));
    }

    private static void assertPaddingIsZero(
            Decoded block, int rows, int columns, String description) {
        for (int row = 0; row < BLOCK; row++) {
            for (int column = 0; column < WIDTH; column++) {
                boolean padding = row >= rows || column >= columns;
                String where = description + " at [" + row + ", " + column + "]";
                assertEquals(padding, block.at(row, column) == 0, where);
            }
        }
    }
}
