package dev.kiln.platform.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/** YAML as JSON, its plain scalars typed as an editor with the JSON Schema would type them. */
final class NodeJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private NodeJson() {}

    static JsonNode of(Node node) {
        return switch (node) {
            case Node.Scalar scalar -> scalar(scalar);
            case Node.Sequence sequence -> {
                ArrayNode array = JSON.arrayNode();
                sequence.items().forEach(item -> array.add(of(item)));
                yield array;
            }
            case Node.Mapping map -> {
                ObjectNode object = JSON.objectNode();
                map.entries().forEach((key, entry) -> object.set(key, of(entry.value())));
                yield object;
            }
            case Node.Step step -> JSON.objectNode().set(step.key(), of(step.rest()));
        };
    }

    private static JsonNode scalar(Node.Scalar scalar) {
        String text = scalar.text();
        if (scalar.isNothing()) {
            return JSON.nullNode();
        } else if (!scalar.plain()) {
            return JSON.textNode(text);
        } else if (text.equals("true") || text.equals("false")) {
            return JSON.booleanNode(text.equals("true"));
        } else if (text.matches("[-+]?\\d{1,18}")) {
            return JSON.numberNode(Long.parseLong(text));
        } else if (text.matches("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,9})?")) {
            return JSON.numberNode(new BigDecimal(text));
        }
        return JSON.textNode(text);
    }
}
