package dev.kiln.platform.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What stands in YAML, with its place. Immutable. */
sealed interface Node {

    Place place();

    /**
     * A word, a number, a text, nothing: the option's type decides.
     *
     * @param plain whether it stands without quotes
     */
    record Scalar(String text, boolean plain, Place place) implements Node {}

    record Sequence(List<Node> items, Place place) implements Node {}

    /** Keys in the order of the text. */
    record Mapping(Map<String, Entry> entries, Place place) implements Node {}

    /** A value, and the place of the key before it. */
    record Entry(Place key, Node value) {}

    /** One step down a dotted override: {@code a.b=c} is a step {@code a} to a step {@code b} to c. */
    record Step(String key, Node rest, Place place) implements Node {}

    /** Whether nothing stands here, as in {@code key:} or {@code key: null}. */
    default boolean isNothing() {
        return this instanceof Scalar(String text, boolean plain, _)
                && plain
                && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
    }

    /** What stands here, for a message. */
    default String found() {
        return switch (this) {
            case Scalar scalar -> isNothing() ? "nothing" : Words.quote(scalar.text());
            case Sequence _ -> "a list";
            case Mapping map ->
                    map.entries().isEmpty() ? "an empty map" : "a map with " + keys(map);
            case Step step -> "a step to " + Words.quote(step.key());
        };
    }

    private static String keys(Mapping map) {
        String first =
                map.entries().keySet().stream()
                        .limit(3)
                        .map(Words::quote)
                        .collect(Collectors.joining(", "));
        return map.entries().size() > 3 ? first + ", …" : first;
    }
}
