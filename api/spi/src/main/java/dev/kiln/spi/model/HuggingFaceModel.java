package dev.kiln.spi.model;

import dev.kiln.spi.Stable;
import java.util.List;
import java.util.Map;

/**
 * How a model lies in a Hugging Face folder. Immutable.
 *
 * @param config what {@code config.json} says of it: JSON values by key, {@code model_type}, {@code
 *     architectures} and {@code vocab_size} among them
 * @param prefix what a bare model's files leave out at the start of names, such as {@code
 *     transformer.}; empty for nothing
 * @param tensors what the files hold; together they cover every weight of the model
 * @param copies what files may hold beside: copies that must equal the weight they name, such as a
 *     tied {@code lm_head.weight}
 * @param ignored regular expressions for names, without prefix, of tensors that say nothing, such as
 *     masks kept as buffers
 */
@Stable
public record HuggingFaceModel(
        Map<String, Object> config,
        String prefix,
        List<HuggingFaceTensor> tensors,
        List<HuggingFaceTensor> copies,
        List<String> ignored) {

    public HuggingFaceModel {
        config = Map.copyOf(config);
        tensors = List.copyOf(tensors);
        copies = List.copyOf(copies);
        ignored = List.copyOf(ignored);
    }
}
