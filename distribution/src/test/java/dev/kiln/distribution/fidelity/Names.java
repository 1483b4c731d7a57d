package dev.kiln.distribution.fidelity;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HuggingFaceTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The gradients of a file's tensors, from those of the weights that they are parts of. */
record Names(List<HuggingFaceTensor> tensors) {

    /** Tensors that are weights as they are, by one name. */
    static Names same(List<String> names) {
        return new Names(names.stream().map(name -> HuggingFaceTensor.of(name, name)).toList());
    }

    Map<String, float[]> gradients(Backend backend, Map<String, Weight> weights) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        for (HuggingFaceTensor tensor : tensors) {
            Weight weight = weights.get(tensor.weight());
            gradients.put(tensor.name(), part(backend.floats(weight.gradient()), weight, tensor));
        }
        return gradients;
    }

    /**
     * A file's element is {@code factor} times the weight's, so its gradient is the weight's divided
     * by that.
     */
    private static float[] part(float[] gradient, Weight weight, HuggingFaceTensor tensor) {
        int columns = weight.shape().columns();
        int rows = gradient.length / columns;
        int width = Math.min(tensor.to(), columns) - tensor.from();
        float[] part = new float[rows * width];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < width; column++) {
                int at = tensor.transposed() ? column * rows + row : row * width + column;
                float element = gradient[row * columns + tensor.from() + column];
                part[at] = (float) (element / tensor.factor());
            }
        }
        return part;
    }
}
