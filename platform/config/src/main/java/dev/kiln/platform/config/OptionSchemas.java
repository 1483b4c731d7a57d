package dev.kiln.platform.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kiln.spi.Shorthand;
import java.util.List;

/** The JSON Schema of records of options. */
final class OptionSchemas {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private OptionSchemas() {}

    /** Whether what must be given must be given here. */
    enum Form {
        WHOLE(""),
        PART(".part");

        private final String suffix;

        Form(String suffix) {
            this.suffix = suffix;
        }
    }

    static ObjectNode record(Class<? extends Record> options, Form form) {
        ObjectNode schema = JSON.objectNode();
        schema.putArray("type").add("object").add("null");
        ArrayNode required = JSON.arrayNode();
        addOptions(schema.putObject("properties"), required, options, form);
        if (!required.isEmpty()) {
            schema.put("type", "object");
        }
        return close(schema, required);
    }

    static ObjectNode close(ObjectNode schema, ArrayNode required) {
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema.put("additionalProperties", false);
    }

    static void addOptions(
            ObjectNode properties, ArrayNode required, Class<? extends Record> type, Form form) {
        for (Option option : Option.of(type)) {
            ObjectNode schema = type(option, option.type(), form);
            if (!option.doc().isEmpty()) {
                schema.put("description", option.doc());
            }
            option.fallback().ifPresent(node -> schema.set("default", NodeJson.of(node)));
            properties.set(option.name(), schema);
            if (form == Form.WHOLE && option.required()) {
                required.add(option.name());
            }
        }
    }

    private static ObjectNode type(Option option, OptionType type, Form form) {
        return switch (type) {
            case OptionType.Whole _ -> number(option, "integer", "^[-+]?[0-9][0-9_]*$");
            case OptionType.Real _ ->
                    number(option, "number", "^[-+]?([0-9._]+([eE][-+]?[0-9]+)?|\\.inf)$");
            case OptionType.Flag _ -> JSON.objectNode().put("type", "boolean");
            case OptionType.Text _ -> text(option);
            case OptionType.File _ -> JSON.objectNode().put("type", "string");
            case OptionType.Word word -> JSON.objectNode().set("enum", words(word.spellings()));
            case OptionType.OptionalOf(OptionType inner) ->
                    either(type(option, inner, form), JSON.objectNode().put("type", "null"));
            case OptionType.ListOf(OptionType inner) -> {
                ObjectNode list = JSON.objectNode().put("type", "array");
                list.set("items", type(option, inner, form));
                yield either(list, type(option, inner, form));
            }
            case OptionType.MapOf(OptionType inner) -> {
                ObjectNode map = JSON.objectNode().put("type", "object");
                yield map.set("additionalProperties", type(option, inner, form));
            }
            case OptionType.Nested(Class<? extends Record> options) -> nested(options, form);
            case OptionType.ChoiceOf(Point point) -> ref(point, "", form);
        };
    }

    private static ObjectNode nested(Class<? extends Record> options, Form form) {
        ObjectNode record = record(options, form);
        Shorthand shorthand = options.getAnnotation(Shorthand.class);
        return shorthand == null
                ? record
                : either(
                        (ObjectNode) record.get("properties").get(shorthand.value()).deepCopy(),
                        record);
    }

    /** A number, or a text that Kiln reads as one, such as 100_000. */
    private static ObjectNode number(Option option, String type, String pattern) {
        ObjectNode schema = JSON.objectNode();
        schema.putArray("type").add(type).add("string");
        schema.put("pattern", pattern);
        if (option.min() > Double.NEGATIVE_INFINITY) {
            schema.put("minimum", option.min());
        }
        if (option.max() < Double.POSITIVE_INFINITY) {
            schema.put("maximum", option.max());
        }
        return schema;
    }

    private static ObjectNode text(Option option) {
        ObjectNode schema = JSON.objectNode();
        if (option.allowed().isEmpty()) {
            schema.putArray("type").add("string").add("number").add("boolean");
        } else {
            schema.set("enum", words(option.allowed()));
        }
        return schema;
    }

    private static ObjectNode either(ObjectNode a, ObjectNode b) {
        ObjectNode schema = JSON.objectNode();
        schema.putArray("anyOf").add(a).add(b);
        return schema;
    }

    static ObjectNode ref(Point point, String name, Form form) {
        return JSON.objectNode().put("$ref", "#/$defs/" + key(point, name, form));
    }

    static String key(Point point, String name, Form form) {
        return point.word().replace(' ', '-') + name + form.suffix;
    }

    static JsonNode words(List<String> words) {
        ArrayNode array = JSON.arrayNode();
        words.forEach(array::add);
        return array;
    }
}
