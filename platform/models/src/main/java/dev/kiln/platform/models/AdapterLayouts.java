package dev.kiln.platform.models;

import dev.kiln.platform.storage.AdapterLayout;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.toolkit.Blueprint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How a model's adapters are kept. */
public final class AdapterLayouts {
    /** Where a run folder keeps an adapter. */
    public static final String FOLDER = "adapter";

    /** Under what an adapter's metadata says the head that it holds, as a config does. */
    public static final String HEAD = "kiln.head";

    private AdapterLayouts() {}

    /**
     * As peft calls them on the model's Hugging Face form; where it has none, as Kiln does. Adapters
     * are for the matrices of layers.
     */
    public static AdapterLayout of(ModelFamily family, int vocabulary) {
        Map<String, Shape> shapes = shapes(family, vocabulary);
        Set<String> matrices =
                shapes.entrySet().stream()
                        .filter(weight -> weight.getValue().rank() == 2)
                        .map(Map.Entry::getKey)
                        .filter(name -> family.layer(name).isPresent())
                        .collect(Collectors.toSet());
        return new AdapterLayout(
                form(family, vocabulary, shapes), shapes, matrices, tables(family, vocabulary));
    }

    /** The shapes of a family's weights, by their names. */
    public static Map<String, Shape> shapes(ModelFamily family, int vocabulary) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Blueprint.of(family, vocabulary)
                .parts()
                .forEach((name, part) -> shapes.put(name, part.shape()));
        return shapes;
    }

    /** The weights that have a row for each token, the input embeddings first. */
    public static List<String> tables(ModelFamily family, int vocabulary) {
        Map<String, Shape> larger = shapes(family, vocabulary + 1);
        return shapes(family, vocabulary).entrySet().stream()
                .filter(weight -> !weight.getValue().equals(larger.get(weight.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static HuggingFaceModel form(
            ModelFamily family, int vocabulary, Map<String, Shape> shapes) {
        try {
            return family.huggingFace(vocabulary);
        } catch (InvalidInput _) {
            List<HuggingFaceTensor> same =
                    shapes.keySet().stream().map(name -> HuggingFaceTensor.of(name, name)).toList();
            return new HuggingFaceModel(Map.of(), "", same, List.of(), List.of());
        }
    }
}
