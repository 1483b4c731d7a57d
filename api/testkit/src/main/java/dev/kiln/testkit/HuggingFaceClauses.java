package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.toolkit.Blueprint;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a model family's Hugging Face form keeps. */
final class HuggingFaceClauses {
    private HuggingFaceClauses() {}

    static void everyElementIsHeldOnce(HuggingFaceModel form, Map<String, Blueprint.Part> parts) {
        Map<String, List<HuggingFaceTensor>> byWeight =
                form.tensors().stream().collect(Collectors.groupingBy(HuggingFaceTensor::weight));
        assertEquals(
                parts.keySet(),
                byWeight.keySet(),
                "broken clause: the tensors hold the model's weights and no others");
        parts.forEach((name, part) -> tile(name, byWeight.get(name), part.shape().columns()));
    }

    /** The tensors' columns follow one another from the first of the weight to its last. */
    private static void tile(String weight, List<HuggingFaceTensor> tensors, int columns) {
        int next = 0;
        for (HuggingFaceTensor tensor : sorted(tensors)) {
            assertEquals(next, tensor.from(), "broken clause: no gap, no overlap in " + weight);
            assertTrue(tensor.factor() != 0, "broken clause: no factor 0 at " + tensor.name());
            next = Math.min(tensor.to(), columns);
            assertTrue(
                    next > tensor.from(),
                    "broken clause: a tensor holds something, " + tensor.name());
            assertTrue(
                    tensor.to() <= columns || tensor.to() == HuggingFaceTensor.END,
                    "broken clause: no column past the last of " + weight);
        }
        assertEquals(columns, next, "broken clause: all columns of " + weight);
    }

    private static List<HuggingFaceTensor> sorted(List<HuggingFaceTensor> tensors) {
        return tensors.stream().sorted(Comparator.comparingInt(HuggingFaceTensor::from)).toList();
    }

    static void namesAreUnique(HuggingFaceModel form) {
        List<String> names = names(form).toList();
        assertEquals(names.size(), Set.copyOf(names).size(), "broken clause: unique names");
        for (String name : names) {
            String bare = name.startsWith(form.prefix()) ? bare(form, name) : name;
            assertFalse(
                    form.ignored().stream().anyMatch(bare::matches),
                    "broken clause: what holds a weight is not ignored, " + name);
        }
    }

    private static String bare(HuggingFaceModel form, String name) {
        return name.substring(form.prefix().length());
    }

    private static Stream<String> names(HuggingFaceModel form) {
        return Stream.concat(form.tensors().stream(), form.copies().stream())
                .map(HuggingFaceTensor::name);
    }

    static void copiesAreOfWeights(HuggingFaceModel form, Map<String, Blueprint.Part> parts) {
        for (HuggingFaceTensor copy : form.copies()) {
            assertTrue(
                    parts.containsKey(copy.weight()),
                    "broken clause: a copy is of a weight of the model, " + copy);
        }
    }

    static void theConfigSaysWhatItIs(HuggingFaceModel form, ModelShape shape) {
        assertInstanceOf(
                String.class, form.config().get("model_type"), "broken clause: model_type");
        assertInstanceOf(
                List.class, form.config().get("architectures"), "broken clause: architectures");
        assertEquals(
                shape.vocabulary(),
                form.config().get("vocab_size"),
                "broken clause: vocab_size is the vocabulary");
    }
}
