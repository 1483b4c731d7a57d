package dev.kiln.kernels;

import static dev.kiln.spi.backend.WeightFormat.BLOCK;

import dev.kiln.kernels.Products.Matrix;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.MemorySegment;

/**
 * Activations as the kernels of panels read them: floats, or for INT4 {@link PanelActivations}; rows
 * zero-padded to whole blocks; behind the last one, zeros up to a multiple of four rows.
 *
 * @param row bytes from a row to the next
 */
record FrozenOperand(BlockPool pool, MemorySegment scratch, long address, long row)
        implements AutoCloseable {

    static FrozenOperand of(BlockPool pool, Matrix x, int rows, FrozenPanels weight) {
        int blocks = weight.blocks();
        int k = weight.inner();
        boolean rounded = weight.format() == WeightFormat.INT4;
        boolean ready = x.type() == DType.FLOAT32 && k == blocks * BLOCK;
        if (ready && !rounded && (rows == 1 || rows % 4 == 0)) {
            return new FrozenOperand(pool, pool.take(0, "activations"), x.address(), 4L * x.lead());
        }
        int padded = rows == 1 ? 1 : (rows + 3) / 4 * 4;
        long floatRow = 4L * BLOCK * blocks;
        long roundedRow = rounded ? (long) PanelActivations.BLOCK_BYTES * blocks : 0;
        MemorySegment scratch = pool.take((floatRow + roundedRow) * padded, "activations");
        long floats = scratch.address();
        long whole = floats + floatRow * padded;
        for (int i = 0; i < padded; i++) {
            long to = floats + floatRow * i;
            int n = i < rows ? k : 0;
            if (n > 0) {
                new Elements(x.type(), x.row(i)).load(0, n, to);
            }
            Lanes.segment(to + 4L * n, floatRow - 4L * n).fill((byte) 0);
            if (rounded) {
                PanelActivations.round(whole + roundedRow * i, to, blocks);
            }
        }
        return rounded
                ? new FrozenOperand(pool, scratch, whole, roundedRow)
                : new FrozenOperand(pool, scratch, floats, floatRow);
    }

    @Override
    public void close() {
        pool.give(scratch);
    }
}
