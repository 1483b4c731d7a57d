package dev.kiln.platform.storage;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.model.HuggingFaceTensor;
import java.util.List;

/**
 * Where the elements of a Hugging Face tensor lie in the weight that it is a part of.
 *
 * @param weight shape of the whole weight
 */
record Placement(HuggingFaceTensor tensor, Shape weight) {

    /**
     * @throws IllegalArgumentException when the weight has no such columns
     */
    Placement {
        if (tensor.from() < 0
                || to(tensor, weight) > weight.columns()
                || width(tensor, weight) < 1) {
            throw new IllegalArgumentException(tensor + " is no part of a weight of " + weight);
        }
    }

    private static int to(HuggingFaceTensor tensor, Shape weight) {
        return tensor.to() == HuggingFaceTensor.END ? weight.columns() : tensor.to();
    }

    private static int width(HuggingFaceTensor tensor, Shape weight) {
        return to(tensor, weight) - tensor.from();
    }

    int from() {
        return tensor.from();
    }

    int to() {
        return to(tensor, weight);
    }

    private int width() {
        return width(tensor, weight);
    }

    /** Number of elements in the file. */
    long size() {
        return (long) weight.rows() * width();
    }

    /** The shape in the file. */
    List<Long> shape() {
        long rows = weight.rows();
        long width = width();
        if (weight.rank() == 1) {
            return List.of(width);
        }
        return tensor.transposed() ? List.of(width, rows) : List.of(rows, width);
    }

    /** Whether the file holds the weight as it is. */
    boolean isPlain() {
        return !tensor.transposed() && tensor.factor() == 1 && width() == weight.columns();
    }

    /** The index in the weight of an element of the file. */
    long index(long inFile) {
        long row = tensor.transposed() ? inFile % weight.rows() : inFile / width();
        long column = tensor.transposed() ? inFile / weight.rows() : inFile % width();
        return row * weight.columns() + tensor.from() + column;
    }

    /** An element of the weight as the file holds it. */
    float toFile(float value) {
        return (float) (value * tensor.factor());
    }

    /** An element of the file as the weight holds it. */
    float fromFile(float value) {
        return (float) (value / tensor.factor());
    }
}
