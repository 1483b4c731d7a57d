package dev.kiln.platform.config;

import static dev.kiln.platform.config.OptionSchemas.addOptions;
import static dev.kiln.platform.config.OptionSchemas.close;
import static dev.kiln.platform.config.OptionSchemas.key;
import static dev.kiln.platform.config.OptionSchemas.ref;
import static dev.kiln.platform.config.OptionSchemas.words;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kiln.platform.config.OptionSchemas.Form;
import dev.kiln.spi.Factory;
import java.util.List;

/**
 * The JSON Schema (draft 2020-12) of run files: all kinds of run with all choices of the extensions
 * of a catalog. A file that {@code extends} another may leave out what the other gives, so every
 * definition is there twice: whole, and as a part.
 */
public final class JsonSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private JsonSchema() {}

    /** The schema as indented JSON. */
    public static String of(Catalog catalog) {
        ObjectNode root = JSON.objectNode();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "Kiln run file");
        root.put("type", "object");
        root.set("if", JSON.objectNode().set("required", words(List.of(RunFiles.EXTENDS))));
        root.set("then", kinds(catalog, Form.PART));
        root.set("else", kinds(catalog, Form.WHOLE));
        ObjectNode definitions = root.putObject("$defs");
        for (Form form : Form.values()) {
            for (Point point : Point.values()) {
                define(definitions, catalog, point, form);
            }
        }
        return root.toPrettyString();
    }

    private static ObjectNode kinds(Catalog catalog, Form form) {
        ObjectNode any = JSON.objectNode();
        ArrayNode kinds = any.putArray("anyOf");
        catalog.at(Point.RUN).keySet().forEach(name -> kinds.add(ref(Point.RUN, "." + name, form)));
        return kinds.isEmpty() ? JSON.objectNode().set("not", JSON.objectNode()) : any;
    }

    private static void define(ObjectNode all, Catalog catalog, Point point, Form form) {
        catalog.at(point)
                .forEach(
                        (name, supplied) ->
                                all.set(
                                        key(point, "." + name, form),
                                        point == Point.RUN
                                                ? run(supplied.factory(), form)
                                                : OptionSchemas.record(
                                                        supplied.factory().options(), form)));
        if (point != Point.RUN) {
            all.set(key(point, "", form), choice(catalog, point, form));
        }
    }

    private static ObjectNode run(Factory<?, ?> factory, Form form) {
        ObjectNode schema = JSON.objectNode();
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties
                .putObject(RunFiles.EXTENDS)
                .put("type", "string")
                .put("description", "A run file, relative to this one, that this one adds to");
        properties.putObject("run").put("const", factory.name());
        ArrayNode required = JSON.arrayNode();
        if (form == Form.WHOLE) {
            required.add("run");
        }
        addOptions(properties, required, RunConfigReader.Header.class, form);
        addOptions(properties, required, factory.options(), form);
        return close(schema, required);
    }

    /** Any extension of a point: its name, or a map of its name to its options. */
    private static ObjectNode choice(Catalog catalog, Point point, Form form) {
        ObjectNode schema = JSON.objectNode();
        ArrayNode forms = schema.putArray("oneOf");
        catalog.at(point)
                .forEach(
                        (name, supplied) -> {
                            boolean bare =
                                    Option.of(supplied.factory().options()).stream()
                                            .noneMatch(Option::required);
                            if (bare || form == Form.PART) {
                                forms.addObject().put("const", name);
                            }
                            ObjectNode map = forms.addObject().put("type", "object");
                            map.putObject("properties").set(name, ref(point, "." + name, form));
                            map.set("required", words(List.of(name)));
                            map.put("additionalProperties", false);
                        });
        return forms.isEmpty() ? JSON.objectNode().set("not", JSON.objectNode()) : schema;
    }
}
