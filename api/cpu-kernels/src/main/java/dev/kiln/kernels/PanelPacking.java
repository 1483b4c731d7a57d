package dev.kiln.kernels;

import static dev.kiln.kernels.FrozenPanels.WIDTH;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.INTS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static dev.kiln.spi.backend.WeightFormat.BLOCK;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * Writes panels. A block's elements are seen as cells [down][output] of 1, 2 or 4 bytes (in INT4 a
 * cell is two elements): where they lie so in the file, they are read there; else, in a table or at
 * an edge, they are first copied so, with what decodes to zero where there are none: a library may
 * read a panel's padding, as oneDNN does with AMX.
 */
final class PanelPacking {
    /** Bytes of the copy of a block's cells that a call needs. */
    static final int SCRATCH = BLOCK * WIDTH * 4;

    /** The halves of an INT4 cell that stand for 0. */
    private static final int UPPER_ZERO = 0x80;

    private static final int LOWER_ZERO = 0x08;

    private final FrozenPanels to;
    private final boolean table;
    private final int cellBytes;

    /** Cells of a block, of the whole matrix along its sums, and outputs. */
    private final int blockCells;

    private final int cellElements;

    /** The cell whose elements are all zero. */
    private final byte zero;

    private final int cells;
    private final int outputs;

    PanelPacking(FrozenPanels to) {
        this.to = to;
        table = to.content().table();
        cellBytes =
                switch (to.format()) {
                    case FLOAT32 -> 4;
                    case BFLOAT16 -> 2;
                    case INT8, INT4 -> 1;
                };
        boolean pairs = to.format() == WeightFormat.INT4;
        cellElements = pairs ? 2 : 1;
        zero = (byte) (pairs ? UPPER_ZERO | LOWER_ZERO : 0);
        blockCells = BLOCK / cellElements;
        cells = (to.inner() + cellElements - 1) / cellElements;
        outputs = to.outputs();
    }

    void pack(int panel, long scratch) {
        int blocks = to.blocks();
        int bytes = FrozenPanels.blockBytes(to.format());
        for (int block = 0; block < blocks; block++) {
            long out = to.panel(panel) + (long) block * bytes;
            if (to.format().scaled()) {
                scales(out, panel * WIDTH, block, blocks);
                out += FrozenPanels.SCALES;
            }
            cells(out, panel * WIDTH, block * blockCells, scratch);
        }
    }

    private void scales(long out, int output, int block, int blocks) {
        for (int o = 0; o < WIDTH; o++) {
            long at =
                    table
                            ? (long) (output + o) * blocks + block
                            : (long) block * outputs + output + o;
            float scale = output + o < outputs ? Lanes.get(to.scales() + 4 * at) : 0;
            Lanes.set(out + 4L * o, scale);
        }
    }

    private void cells(long out, int output, int down, long scratch) {
        boolean whole =
                output + WIDTH <= outputs && (down + blockCells) * cellElements <= to.inner();
        if (whole && !table) {
            interleave(out, cell(down, output), (long) outputs * cellBytes);
            return;
        }
        Lanes.segment(scratch, SCRATCH).fill(zero);
        int right = Math.min(WIDTH, outputs - output);
        int count = Math.min(blockCells, cells - down);
        for (int d = 0; d < count; d++) {
            copy(scratch + (long) d * WIDTH * cellBytes, down + d, output, right);
        }
        if ((down + count) * cellElements > to.inner()) {
            clearUpperHalves(scratch + (long) (count - 1) * WIDTH, right);
        }
        interleave(out, scratch, (long) WIDTH * cellBytes);
    }

    /** Behind an odd number of elements, whatever the file has there. */
    private static void clearUpperHalves(long cells, int count) {
        for (int o = 0; o < count; o++) {
            int lower = unsigned(cells + o) & 0xf;
            MEMORY.set(ValueLayout.JAVA_BYTE, cells + o, (byte) (UPPER_ZERO | lower));
        }
    }

    private long cell(int down, int output) {
        long at = table ? (long) output * cells + down : (long) down * outputs + output;
        return to.elements() + at * cellBytes;
    }

    /** The cells of some outputs at one place along the sums. */
    private void copy(long out, int down, int output, int count) {
        long from = cell(down, output);
        long step = table ? (long) cells * cellBytes : cellBytes;
        switch (cellBytes) {
            case 1 -> copyBytes(out, from, step, count);
            case 2 -> copyShorts(out, from, step, count);
            default -> copyInts(out, from, step, count);
        }
    }

    private static void copyBytes(long out, long from, long step, int count) {
        for (int o = 0; o < count; o++) {
            byte cell = MEMORY.get(ValueLayout.JAVA_BYTE, from + o * step);
            MEMORY.set(ValueLayout.JAVA_BYTE, out + o, cell);
        }
    }

    private static void copyShorts(long out, long from, long step, int count) {
        for (int o = 0; o < count; o++) {
            Lanes.setShort(out + 2L * o, Lanes.getShort(from + o * step));
        }
    }

    private static void copyInts(long out, long from, long step, int count) {
        for (int o = 0; o < count; o++) {
            Lanes.setInt(out + 4L * o, Lanes.getInt(from + o * step));
        }
    }

    private void interleave(long out, long cells, long row) {
        switch (to.format()) {
            case FLOAT32 -> {
                for (int k = 0; k < BLOCK; k++) {
                    Rows.move(out + 4L * k * WIDTH, cells + k * row, WIDTH);
                }
            }
            case BFLOAT16 -> {
                for (int k = 0; k < BLOCK; k += 2) {
                    pairs(out + 2L * k * WIDTH, cells + k * row, cells + (k + 1) * row);
                }
            }
            case INT8 -> {
                for (int k = 0; k < BLOCK; k++) {
                    long to = out + (long) k * WIDTH;
                    Lanes.segment(to, WIDTH).copyFrom(Lanes.segment(cells + k * row, WIDTH));
                }
            }
            case INT4 -> {
                for (int k = 0; k < BLOCK; k += 4) {
                    long at = cells + k / 2 * row;
                    long to = out + (long) k / 2 * WIDTH;
                    quads(to, at, row);
                    quads(to + WIDTH, at + 32, row);
                }
            }
        }
    }

    private static void pairs(long out, long even, long odd) {
        for (int o = 0; o < WIDTH; o += COUNT) {
            IntVector upper =
                    (IntVector)
                            ShortVector.fromMemorySegment(
                                            Bfloat16.SHORTS, MEMORY, odd + 2L * o, ORDER)
                                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            IntVector lower =
                    (IntVector)
                            ShortVector.fromMemorySegment(
                                            Bfloat16.SHORTS, MEMORY, even + 2L * o, ORDER)
                                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            upper.lanewise(LSHL, 16).or(lower).intoMemorySegment(MEMORY, out + 4L * o, ORDER);
        }
    }

    /** 16 ints of four bytes: at a place, a row below, 16 further on, and a row below that. */
    private static void quads(long out, long at, long row) {
        for (int o = 0; o < 16; o++) {
            int lower = unsigned(at + o) | unsigned(at + row + o) << 8;
            int upper = unsigned(at + 16 + o) | unsigned(at + 16 + row + o) << 8;
            Lanes.setInt(out + 4L * o, lower | upper << 16);
        }
    }

    private static int unsigned(long address) {
        return MEMORY.get(ValueLayout.JAVA_BYTE, address) & 0xff;
    }
}
