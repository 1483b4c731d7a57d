package dev.kiln.platform.config;

import java.util.List;

/** {@code a.b=value} from the command line, as a layer over the files. */
final class Overrides {
    private Overrides() {}

    /** Reads one override; the value is YAML. */
    static Node parse(String override) {
        Place place = Place.ofOverride(override);
        int equals = override.indexOf('=');
        if (equals < 0) {
            throw place.error("expected key=value");
        }
        List<String> keys = List.of(override.substring(0, equals).strip().split("\\.", -1));
        if (keys.stream().anyMatch(String::isBlank)) {
            throw place.error("expected key=value or key.key=value, with no key left empty");
        }
        if (keys.getFirst().equals("extends")) {
            throw place.error("'extends' stands in files only");
        }
        String value = override.substring(equals + 1);
        if (value.isBlank()) {
            throw place.error("expected a value after '='; null is for none");
        }
        return steps(keys, YamlReader.value(value, place), place);
    }

    private static Node steps(List<String> keys, Node value, Place place) {
        Node node = value;
        for (String key : keys.reversed()) {
            node = new Node.Step(key, node, place);
        }
        return node;
    }
}
