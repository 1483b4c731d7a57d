package dev.kiln.spi.model;

import dev.kiln.spi.Stable;

/**
 * A tensor of a Hugging Face file, and the part of a weight that it holds. Immutable.
 *
 * @param name in the file, prefix included
 * @param weight the name of Kiln's weight, [rows, columns] or [columns]
 * @param from first column of the weight that the tensor holds
 * @param to one past the last; {@link #END} for the weight's own number of columns
 * @param transposed whether the file holds [columns, rows], as a PyTorch {@code nn.Linear} does
 * @param factor what the weight's elements are multiplied by in the file; a power of two is exact
 */
@Stable
public record HuggingFaceTensor(
        String name, String weight, int from, int to, boolean transposed, double factor) {
    public static final int END = Integer.MAX_VALUE;

    /** A tensor that is a weight as it is. */
    public static HuggingFaceTensor of(String name, String weight) {
        return new HuggingFaceTensor(name, weight, 0, END, false, 1);
    }

    /** A tensor that is a weight's transpose. */
    public static HuggingFaceTensor transposed(String name, String weight) {
        return new HuggingFaceTensor(name, weight, 0, END, true, 1);
    }
}
