package dev.kiln.platform.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code kiln plugins} tells of a catalog. */
public final class Listing {
    private Listing() {}

    /**
     * One option.
     *
     * @param type in words
     * @param fallback the default as JSON, which is YAML; empty when the option must be given or is
     *     optional
     * @param doc may be empty
     */
    public record OptionLine(
            String name, String type, Optional<String> fallback, boolean required, String doc) {}

    /** One extension, and who brought it. */
    public record ExtensionLine(String name, String supplier, List<OptionLine> options) {}

    /** The extensions of a point, sorted by name. */
    public static List<ExtensionLine> at(Catalog catalog, Point point) {
        List<ExtensionLine> lines = new ArrayList<>();
        catalog.at(point)
                .forEach(
                        (name, supplied) -> {
                            List<Option> options = Option.of(supplied.factory().options());
                            lines.add(
                                    new ExtensionLine(
                                            name,
                                            supplied.supplier(),
                                            options.stream().map(Listing::line).toList()));
                        });
        return List.copyOf(lines);
    }

    /** All points as indented JSON. */
    public static String json(Catalog catalog) {
        ObjectNode points = JsonNodeFactory.instance.objectNode();
        for (Point point : Point.values()) {
            ArrayNode extensions = points.putArray(point.word());
            for (ExtensionLine extension : at(catalog, point)) {
                ObjectNode object = extensions.addObject();
                object.put("name", extension.name()).put("supplier", extension.supplier());
                ArrayNode options = object.putArray("options");
                extension.options().forEach(option -> add(options.addObject(), option));
            }
        }
        return points.toPrettyString();
    }

    private static void add(ObjectNode object, OptionLine option) {
        object.put("name", option.name()).put("type", option.type());
        option.fallback().ifPresent(yaml -> object.put("default", yaml));
        object.put("required", option.required()).put("doc", option.doc());
    }

    private static OptionLine line(Option option) {
        String words = option.allowed().isEmpty() ? "" : String.join(" | ", option.allowed());
        String bounds = option.bounds().isEmpty() ? "" : " " + option.bounds();
        return new OptionLine(
                option.name(),
                words.isEmpty() ? option.type().words() + bounds : words,
                option.fallback().map(node -> NodeJson.of(node).toString()),
                option.required(),
                option.doc());
    }
}
