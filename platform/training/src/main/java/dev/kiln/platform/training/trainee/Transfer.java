package dev.kiln.platform.training.trainee;

import dev.kiln.platform.models.StoredModel;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.toolkit.Blueprint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Carries weights of a stored model over to one that has a larger vocabulary and is filled at random:
 * what is not carried over, new rows of embeddings among it, stays so.
 *
 * @param stored the shapes of the stored model, by the weights' names
 */
record Transfer(
        StoredModel model,
        ModelFamily family,
        Map<String, Blueprint.Part> stored,
        Backend backend) {

    /**
     * Carries over what the options say; weights that the stored model does not have stay as they are.
     *
     * @throws InvalidInput when a tensor is missing or has another shape; names file and tensor
     */
    void into(List<Weight> weights, TransferOptions options) {
        int carried = options.layers().orElse(Integer.MAX_VALUE);
        for (Weight weight : weights) {
            OptionalInt layer = family.layer(weight.name());
            if (stored.containsKey(weight.name())
                    && (layer.isPresent() ? layer.getAsInt() < carried : options.embeddings())) {
                carry(weight);
            }
        }
    }

    private void carry(Weight weight) {
        Shape shape = stored.get(weight.name()).shape();
        MemorySegment values = model.weights().floats(weight.name(), shape);
        if (shape.equals(weight.shape())) {
            backend.upload(weight.value(), values);
        } else {
            uploadFirst(weight, values);
        }
        backend.refresh(weight);
    }

    /** The first rows; what is behind them stays. */
    private void uploadFirst(Weight weight, MemorySegment rows) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocate(weight.shape().size() * Float.BYTES, Float.BYTES);
            backend.download(all, weight.value());
            MemorySegment.copy(rows, 0, all, 0, rows.byteSize());
            backend.upload(weight.value(), all);
        }
    }
}
