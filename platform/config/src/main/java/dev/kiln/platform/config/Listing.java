package dev.kiln.platform.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@code kiln plugins} tells of a catalog. */
public final class Listing {
    private Listing() {}

    /**
     * One option.
     *
     * @param name dotted where it is an option of an option, {@code a[].b} of a list's items
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
                            lines.add(
                                    new ExtensionLine(
                                            name,
                                            supplied.supplier(),
                                            lines("", supplied.factory().options())));
                        });
        return List.copyOf(lines);
    }

    /** All points as indented JSON. */
    public static String json(Catalog catalog) {
        ObjectNode points = JsonNodeFactory.instance.objectNode();
        for (Point point : Point.values()) {
            ArrayNode extensions = points.putArray(point.word());
            catalog.at(point).forEach((name, extension) -> add(extensions.addObject(), extension));
        }
        return points.toPrettyString();
    }

    private static void add(ObjectNode object, Catalog.Supplied extension) {
        object.put("name", extension.factory().name()).put("supplier", extension.supplier());
        ArrayNode options = object.putArray("options");
        Option.of(extension.factory().options())
                .forEach(option -> add(options.addObject(), option));
    }

    private static void add(ObjectNode object, Option option) {
        object.put("name", option.name()).put("type", type(option));
        option.fallback().ifPresent(node -> object.set("default", NodeJson.of(node)));
        object.put("required", option.required()).put("doc", option.doc());
    }

    /** A record's options, those of a record in it by their dotted names. */
    private static List<OptionLine> lines(String prefix, Class<? extends Record> options) {
        return Option.of(options).stream().flatMap(option -> lines(prefix, option)).toList();
    }

    private static Stream<OptionLine> lines(String prefix, Option option) {
        String name = prefix + option.name();
        return switch (option.type()) {
            case OptionType.Nested(var inner) -> lines(name + ".", inner).stream();
            case OptionType.OptionalOf(OptionType.Nested(var inner)) ->
                    Stream.concat(
                            Stream.of(line(prefix, option)), lines(name + ".", inner).stream());
            case OptionType.ListOf(OptionType.Nested(var inner)) ->
                    Stream.concat(
                            Stream.of(line(prefix, option)), lines(name + "[].", inner).stream());
            case OptionType.Single _,
                    OptionType.OptionalOf _,
                    OptionType.ListOf _,
                    OptionType.MapOf _,
                    OptionType.ChoiceOf _ ->
                    Stream.of(line(prefix, option));
        };
    }

    private static OptionLine line(String prefix, Option option) {
        return new OptionLine(
                prefix + option.name(),
                type(option),
                option.fallback().map(node -> NodeJson.of(node).toString()),
                option.required(),
                option.doc());
    }

    private static String type(Option option) {
        return option.allowed().isEmpty()
                ? option.type().words(option.bounds())
                : String.join(" | ", option.allowed());
    }
}
