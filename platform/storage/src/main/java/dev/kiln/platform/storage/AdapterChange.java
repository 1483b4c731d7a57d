package dev.kiln.platform.storage;

import dev.kiln.spi.backend.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** What an adapter makes of a weight. Immutable. */
sealed interface AdapterChange {

    /**
     * Changes a weight's elements.
     *
     * @param file has the tensors that the change names
     * @param shape [rows, columns] or [columns]
     * @param elements float32 in native order
     */
    void apply(SafetensorsFile file, Shape shape, MemorySegment elements);

    /**
     * Adds scale · (B · A)ᵀ to the columns of a weight [in, columns] that a part holds.
     *
     * @param down name of A [r, in]
     * @param up name of B [out, r]
     */
    record LowRank(Placement part, String down, String up, AdapterConfig.Factor factor)
            implements AdapterChange {

        @Override
        public void apply(SafetensorsFile file, Shape shape, MemorySegment elements) {
            int width = part.to() - part.from();
            float[][] a = matrix(file, down, factor.rank(), shape.rows()); // (r, in)
            float[][] b = turned(matrix(file, up, width, factor.rank())); // (r, out)
            double scale = factor.scale() / part.tensor().factor();
            double[] sum = new double[width];
            float[] line = new float[width];
            for (int row = 0; row < shape.rows(); row++) {
                long at = ((long) row * shape.columns() + part.from()) * Float.BYTES;
                MemorySegment.copy(elements, ValueLayout.JAVA_FLOAT_UNALIGNED, at, line, 0, width);
                product(a, b, row, sum);
                for (int column = 0; column < width; column++) {
                    line[column] = (float) (line[column] + scale * sum[column]);
                }
                MemorySegment.copy(line, 0, elements, ValueLayout.JAVA_FLOAT_UNALIGNED, at, width);
            }
        }

        /** One row of Aᵀ · Bᵀ. */
        private static void product(float[][] a, float[][] b, int row, double[] sum) {
            Arrays.fill(sum, 0);
            for (int r = 0; r < a.length; r++) {
                double factor = a[r][row];
                float[] line = b[r];
                for (int column = 0; column < sum.length; column++) {
                    sum[column] += factor * line[column];
                }
            }
        }

        private static float[][] turned(float[][] rows) {
            float[][] turned = new float[rows[0].length][rows.length];
            for (int row = 0; row < rows.length; row++) {
                for (int column = 0; column < turned.length; column++) {
                    turned[column][row] = rows[row][column];
                }
            }
            return turned;
        }
    }

    /**
     * Puts rows in the place of those of a table, or below them.
     *
     * @param tensor name of the rows [ids, columns]
     */
    record Rows(String tensor, List<Integer> ids) implements AdapterChange {

        @Override
        public void apply(SafetensorsFile file, Shape shape, MemorySegment elements) {
            int width = shape.columns();
            float[][] rows = matrix(file, tensor, ids.size(), width);
            for (int i = 0; i < rows.length; i++) {
                long at = (long) ids.get(i) * width * Float.BYTES;
                MemorySegment.copy(
                        rows[i], 0, elements, ValueLayout.JAVA_FLOAT_UNALIGNED, at, width);
            }
        }
    }

    /** Puts a tensor in the place of the whole weight. */
    record Whole(Placement part) implements AdapterChange {

        @Override
        public void apply(SafetensorsFile file, Shape shape, MemorySegment elements) {
            String name = part.tensor().name();
            StoredType type = file.describe(name).type();
            Weaving.weave(part, type, file.tensor(name), StoredType.F32, elements);
        }
    }

    private static float[][] matrix(SafetensorsFile file, String name, int count, int width) {
        float[][] rows = new float[count][width];
        for (int row = 0; row < count; row++) {
            long from = (long) row * width;
            Floats.read(file.describe(name).type(), file.tensor(name), from, rows[row], width);
        }
        return rows;
    }
}
