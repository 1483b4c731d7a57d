package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.spi.backend.WeightFormat.BLOCK;

import java.lang.foreign.ValueLayout;

/** Rows of a frozen table, decoded from where its elements are. */
final class FrozenRows {
    private final FrozenPanels table;
    private final int columns;
    private final int blocks;

    FrozenRows(FrozenPanels table) {
        this.table = table;
        columns = table.shape().columns();
        blocks = FrozenPanels.blocks(columns);
    }

    /** Rows ids[from, end), with scratch for a row. */
    void gather(Elements out, long ids, int from, int end, long scratch) {
        for (int n = from; n < end; n++) {
            long first = (long) n * columns;
            long to = out.place(first, scratch);
            row(to, Lanes.getInt(ids + 4L * n));
            out.store(first, columns, to);
        }
    }

    private void row(long out, long row) {
        long scales = table.scales() + 4 * row * blocks;
        switch (table.format()) {
            case FLOAT32 -> Rows.copy(out, table.elements() + 4 * row * columns, columns);
            case BFLOAT16 -> Bfloat16.widen(out, table.elements() + 2 * row * columns, columns);
            case INT8 -> int8(out, table.elements() + row * columns, scales);
            case INT4 -> int4(out, table.elements() + row * ((columns + 1) / 2), scales);
        }
    }

    private void int8(long out, long bytes, long scales) {
        for (int c = 0; c < columns; c++) {
            int q = MEMORY.get(ValueLayout.JAVA_BYTE, bytes + c);
            Lanes.set(out + 4L * c, Lanes.get(scales + 4L * (c / BLOCK)) * q);
        }
    }

    private void int4(long out, long bytes, long scales) {
        for (int c = 0; c < columns; c++) {
            int q = MEMORY.get(ValueLayout.JAVA_BYTE, bytes + c / 2) >> 4 * (c % 2) & 15;
            Lanes.set(out + 4L * c, Lanes.get(scales + 4L * (c / BLOCK)) * (q - 8));
        }
    }
}
