package dev.kiln.platform.storage;

import java.lang.foreign.MemorySegment;

/**
 * Puts the elements of a tensor into the weight that it is a part of: by rows of the weight, some at
 * a time, since memory is read and written in lines. Used by one thread.
 */
final class Weaving {
    /** Rows of a transposed part that are turned at once: 128 bytes or more of each line read. */
    private static final int ROWS = 64;

    private static final int PIECE = 1 << 14;

    private final Placement part;
    private final StoredType from;
    private final StoredType to;
    private final MemorySegment source;
    private final MemorySegment whole;
    private final int rows;
    private final int width;

    private Weaving(
            Placement part,
            StoredType from,
            MemorySegment source,
            StoredType to,
            MemorySegment whole) {
        this.part = part;
        this.from = from;
        this.source = source;
        this.to = to;
        this.whole = whole;
        rows = part.weight().rows();
        width = part.to() - part.from();
    }

    /** Copies a part from its file to its place in the whole weight. */
    static void weave(
            Placement part,
            StoredType from,
            MemorySegment source,
            StoredType to,
            MemorySegment whole) {
        Weaving weaving = new Weaving(part, from, source, to, whole);
        if (part.tensor().transposed() && part.weight().rank() > 1) {
            weaving.turn();
        } else if (part.isPlain()) {
            Floats.convert(from, source, to, whole);
        } else {
            weaving.rows();
        }
    }

    private void rows() {
        int atOnce = Math.max(1, PIECE / width);
        float[] values = new float[atOnce * width];
        for (int row = 0; row < rows; row += atOnce) {
            int count = Math.min(atOnce, rows - row);
            Floats.read(from, source, (long) row * width, values, count * width);
            put(values, row, count);
        }
    }

    private void turn() {
        float[] line = new float[ROWS];
        float[] values = new float[ROWS * width];
        for (int row = 0; row < rows; row += ROWS) {
            int count = Math.min(ROWS, rows - row);
            for (int column = 0; column < width; column++) {
                Floats.read(from, source, (long) column * rows + row, line, count);
                for (int i = 0; i < count; i++) {
                    values[i * width + column] = line[i];
                }
            }
            put(values, row, count);
        }
    }

    private void put(float[] values, int row, int count) {
        if (part.tensor().factor() != 1) {
            for (int i = 0; i < count * width; i++) {
                values[i] = part.fromFile(values[i]);
            }
        }
        float[] line = new float[width];
        long bytes = to.bits() / Byte.SIZE;
        for (int i = 0; i < count; i++) {
            System.arraycopy(values, i * width, line, 0, width);
            long index = (long) (row + i) * part.weight().columns() + part.from();
            Floats.write(to, line, whole.asSlice(index * bytes), width);
        }
    }
}
